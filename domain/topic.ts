/** The topics devices speak on: `estates/<estate>/<kind>/<device>/<channel>`, and MQTT's filter matching. */
export const ID_PATTERN = /^[a-z0-9-]{1,64}$/
export const CHANNELS = ['telemetry', 'event', 'availability', 'command', 'command/result'] as const
export type Channel = (typeof CHANNELS)[number]

export interface DeviceTopic {
  readonly estate: string
  readonly kind: string
  readonly device: string
  readonly channel: Channel
}

/** @returns the parts of a device topic, or the part that is wrong. */
export function parseDeviceTopic(topic: string): DeviceTopic | { readonly wrong: 'topic' | 'channel' } {
  const [root, estate, kind, device, ...rest] = topic.split('/')
  if (root !== 'estates' || !isId(estate) || !isId(kind) || !isId(device)) return { wrong: 'topic' }
  const channel = CHANNELS.find((known) => known === rest.join('/'))
  return channel ? { estate, kind, device, channel } : { wrong: 'channel' }
}

export function deviceTopic({ estate, kind, device, channel }: DeviceTopic): string {
  return `estates/${estate}/${kind}/${device}/${channel}`
}

/** MQTT 3.1.1 §4.7: does a topic filter with `+` and `#` match this topic name? */
export function matchesFilter(filter: string, topic: string): boolean {
  const want = filter.split('/')
  const have = topic.split('/')
  if (topic.startsWith('$') && (want[0] === '#' || want[0] === '+')) return false // §4.7.2
  for (const [i, part] of want.entries()) {
    if (part === '#') return true
    if (i >= have.length) return false
    if (part !== '+' && part !== have[i]) return false
  }
  return want.length === have.length
}

export function isId(text: string | undefined): text is string {
  return text !== undefined && ID_PATTERN.test(text)
}
