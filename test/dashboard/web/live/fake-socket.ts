/** A live socket in the hand of a test: says what the server says, keeps what the screen sends. */
import type { LiveSocketClient } from '../../../../dashboard/web/live/socket-io.ts'

export interface FakeSocket extends LiveSocketClient {
  /** What the server sends. */
  say(event: string, ...args: unknown[]): void
  readonly sent: readonly { readonly event: string; readonly body: unknown }[]
  readonly connects: number
}

export function fakeSocket(): FakeSocket {
  const listeners = new Map<string, ((...args: unknown[]) => void)[]>()
  const sent: { event: string; body: unknown }[] = []
  let connected = false
  let connects = 0
  return {
    get connected() {
      return connected
    },
    get active() {
      return connected
    },
    get connects() {
      return connects
    },
    sent,
    connect: () => void (connects += 1),
    disconnect: () => void (connected = false),
    on: (event, listener) => void listeners.set(event, [...(listeners.get(event) ?? []), listener as (...args: unknown[]) => void]),
    emit: (event, body) => void sent.push({ event, body }),
    removeAllListeners: () => listeners.clear(),
    say: (event, ...args) => {
      if (event === 'connect') connected = true
      for (const listener of listeners.get(event) ?? []) listener(...args)
    },
  }
}
