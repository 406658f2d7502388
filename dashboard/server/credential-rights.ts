/** The topics that a credential may publish on and subscribe to, as filters to be shown; the broker holds to the same. */
import type { Credential } from '../../domain/credential.ts'

const SAYS = ['telemetry', 'event', 'availability', 'command/result'] as const

export function rightsOf({
  owner,
  publish,
  subscribe,
}: Pick<Credential, 'owner' | 'publish' | 'subscribe'>): Pick<Credential, 'publish' | 'subscribe'> {
  switch (owner.type) {
    case 'gateway':
      return {
        publish: SAYS.map((channel) => `estates/${owner.estate}/+/+/${channel}`),
        subscribe: [`estates/${owner.estate}/+/+/command`],
      }
    case 'device': {
      const topic = `estates/${owner.estate}/${owner.kind}/${owner.device}`
      return { publish: SAYS.map((channel) => `${topic}/${channel}`), subscribe: [`${topic}/command`] }
    }
    case 'ext':
      return { publish, subscribe }
  }
}
