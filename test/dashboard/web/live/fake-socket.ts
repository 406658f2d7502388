/** A live socket in the hand of a test: says what the server says, keeps what the screen sends. */
import type { LiveSocketClient } from '../../../../dashboard/web/live/live-socket.ts'

export type FakeSocket = LiveSocketClient & {
  /** What the server sends, or what the library says of the connection. */
  say(event: string, ...args: unknown[]): void
  readonly sent: readonly { readonly event: string; readonly body: unknown }[]
  readonly connects: number
}

export function fakeSocket(): FakeSocket {
  const listeners = new Map<string, ((...args: never[]) => void)[]>()
  const sent: { event: string; body: unknown }[] = []
  const on = (event: string, listener: (...args: never[]) => void) => void listeners.set(event, [...(listeners.get(event) ?? []), listener])
  const fake = {
    connected: false,
    connects: 0,
    sent,
    on,
    off: () => listeners.clear(),
    io: { on, off: () => undefined },
    connect: () => {
      fake.connects += 1
      return fake
    },
    disconnect: () => {
      fake.connected = false
      return fake
    },
    emit: (event: string, body: unknown) => void sent.push({ event, body }),
    say: (event: string, ...args: unknown[]) => {
      if (event === 'connect') fake.connected = true
      if (event === 'disconnect') fake.connected = false
      for (const listener of listeners.get(event) ?? []) (listener as (...args: unknown[]) => void)(...args)
    },
  }
  return fake as unknown as FakeSocket
}
