/** An HTTP agent that keeps connections and counts new ones: a server that went and came back, perhaps empty, is seen by that. */
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'

export interface CountingAgent {
  readonly agent: HttpAgent | HttpsAgent
  /** Connections opened so far. */
  readonly opened: () => number
}

/** The type definitions of Node 20 leave out the method that the documentation names. */
interface Connecting {
  createConnection(...args: readonly unknown[]): unknown
}

export function makeCountingAgent(url: string): CountingAgent {
  const agent = url.startsWith('https:') ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const connecting = agent as unknown as Connecting
  const connect = connecting.createConnection.bind(agent)
  let opened = 0
  connecting.createConnection = (...args) => {
    opened++
    return connect(...args)
  }
  return { agent, opened: () => opened }
}
