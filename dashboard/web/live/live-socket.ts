/**
 * The browser's line to the live feed: says whether it is alive, and heals by itself (socket.io tries again, by long polling where no WebSocket gets through).
 * Every frame counts as a sign of life; three seconds without one are a lost connection, whatever the socket believes.
 */
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { io, type Socket } from 'socket.io-client'
import type { ClientToServer, LineHealth, ServerToClient } from '../../../domain/live.ts'
import { serverOffsetMs } from './server-clock.ts'

export type Connection = 'connecting' | 'live' | 'lost'
export type LiveSocketClient = Socket<ServerToClient, ClientToServer>

export const LOST_AFTER_MS = 3000
const STOOD_STILL_MS = 1500
const FROZEN_MS = 10_000
const CONNECT_TIMEOUT_MS = 4000
const RETRY_MS = { first: 1000, most: 5000 }

export interface LiveLine {
  readonly socket: LiveSocketClient
  /** `lost`: no frame for 3 s; `live` again only after the caller has said so (a new snapshot). */
  readonly connection: Readonly<ShallowRef<Connection>>
  /** This computer's time of the newest frame. */
  readonly heardAt: Readonly<ShallowRef<number>>
  readonly health: Readonly<ShallowRef<LineHealth | undefined>>
  /** While lost: how often we tried, and when (this computer's time) the next try is due. */
  readonly attempt: Readonly<ShallowRef<number>>
  readonly retryAt: Readonly<ShallowRef<number>>
  /** The server ended this session: sign in again. */
  readonly ended: Readonly<ShallowRef<boolean>>
  readonly heard: () => void
  readonly live: () => void
  readonly retry: () => void
}

export interface LiveSocketOptions {
  /** Called on each connection: ask for what is to be watched. */
  readonly watch: (socket: LiveSocketClient) => void
  /** The seq of a heartbeat, to find a gap. */
  readonly onSeq?: (seq: number) => void
  /** Tests hand in their own. */
  readonly connect?: () => LiveSocketClient
}

const connectOverHttp = (): LiveSocketClient =>
  io('/live', {
    forceNew: true,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    timeout: CONNECT_TIMEOUT_MS,
    reconnectionDelay: RETRY_MS.first,
    reconnectionDelayMax: RETRY_MS.most,
    randomizationFactor: 0, // the screen counts the seconds down
  })

/** socket.io waits so long after the nth try that failed. */
const waitMs = (attempt: number) => Math.min(RETRY_MS.first * 2 ** attempt, RETRY_MS.most)

export function useLiveSocket({ watch, onSeq, connect = connectOverHttp }: LiveSocketOptions): LiveLine {
  const connection = shallowRef<Connection>('connecting')
  const heardAt = shallowRef(Date.now())
  const health = shallowRef<LineHealth>()
  const attempt = shallowRef(0)
  const retryAt = shallowRef(0)
  const ended = shallowRef(false)
  const socket = connect()
  let checkedAt = Date.now()

  const heard = () => {
    look() // what arrives after a long standstill may have lain in a buffer
    heardAt.value = Date.now()
  }
  const lose = () => {
    if (connection.value === 'lost') return
    connection.value = 'lost'
    attempt.value = 0
    retryAt.value = Date.now() + RETRY_MS.first
    if (socket.connected) retry() // it has not noticed yet
  }
  const tried = (n: number) => {
    attempt.value = n
    retryAt.value = Date.now() + waitMs(n)
  }
  const retry = () => {
    tried(attempt.value + 1)
    socket.disconnect().connect()
  }

  const look = () => {
    const now = Date.now()
    // A page that stood still for a moment (a busy machine) has heard nothing because it did not listen: it gets a second to catch up.
    // One that stood still for long (a laptop's lid) shows the past: it says so first, and is live again with a new snapshot.
    const stoodStillMs = now - checkedAt
    if (stoodStillMs > STOOD_STILL_MS && stoodStillMs <= FROZEN_MS) heardAt.value = Math.max(heardAt.value, now - LOST_AFTER_MS + 1000)
    checkedAt = now
    if (stoodStillMs > FROZEN_MS || now - heardAt.value > LOST_AFTER_MS) lose()
  }

  socket.on('connect', () => watch(socket))
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect' && !ended.value) socket.connect() // the server is stopping, and will be back
  })
  socket.io.on('reconnect_attempt', tried)
  socket.on('heartbeat', ({ now, seq, health: line }) => {
    heard()
    serverOffsetMs.value = now - Date.now()
    health.value = line
    onSeq?.(seq)
  })
  socket.on('session-ended', () => void (ended.value = true))
  socket.on('connect_error', (error) => {
    if (error.message === 'not-signed-in') ended.value = true
    retryAt.value = Date.now() + waitMs(attempt.value)
  })

  const watchdog = setInterval(look, 250)
  document.addEventListener('visibilitychange', look)

  onScopeDispose(() => {
    clearInterval(watchdog)
    document.removeEventListener('visibilitychange', look)
    socket.io.off()
    socket.off()
    socket.disconnect()
  })

  return {
    ...{ socket, connection, heardAt, health, attempt, retryAt, ended, heard, retry },
    live: () => void (connection.value = 'live'),
  }
}
