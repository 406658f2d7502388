/** Whether a client takes what it is sent: a slow one gets fewer, merged updates instead of a queue of old ones. */
import type { Socket } from 'socket.io'

/** Batches on their way at once: half a second at ten a second. Until the client's WebSocket has answered a ping sent behind a batch, it has not read the batch. */
const ON_THE_WAY = 5

/** The part of engine.io's WebSocket that is used here. */
interface WebSocketLike {
  readonly readyState: number
  readonly OPEN: number
  on(event: 'pong', listener: () => void): unknown
  ping(): void
}

export interface Flow {
  isReady(): boolean
  /** A batch has just been sent. */
  sent(): void
}

// engine.io keeps the WebSocket in its transport without saying so in its types; polling has none and takes one answer at a time.
function webSocketOf(socket: Socket): WebSocketLike | undefined {
  const { transport } = socket.conn
  return transport.name === 'websocket' ? (transport as unknown as { readonly socket: WebSocketLike }).socket : undefined
}

export function createFlow(socket: Socket): Flow {
  let onTheWay = 0
  let listening: WebSocketLike | undefined
  return {
    isReady: () => (webSocketOf(socket) ? onTheWay < ON_THE_WAY : socket.conn.transport.writable),
    sent: () => {
      const webSocket = webSocketOf(socket)
      if (!webSocket || webSocket.readyState !== webSocket.OPEN) return
      if (listening !== webSocket) {
        listening = webSocket
        onTheWay = 0
        webSocket.on('pong', () => (onTheWay = Math.max(0, onTheWay - 1)))
      }
      onTheWay++
      webSocket.ping()
    },
  }
}
