/** A line to the broker process over `DATA_DIR/run/broker.sock` that mends itself: JSON lines both ways. */
import { closeSync, openSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { onJsonLines } from './lines.ts'

const FIRST_RETRY_MS = 20
const LAST_RETRY_MS = 250

export interface DoorClient {
  /** @returns false while the line is down; nothing is kept. */
  send(message: unknown): boolean
  connected(): boolean
  close(): Promise<void>
}

export function doorPath(dataDir: string): string {
  return join(dataDir, 'run', 'broker.sock')
}

/** Calls back with a path short enough for a unix socket (107 bytes on Linux): a long one is taken through an open handle of its folder. */
export function withShortPath<T>(path: string, use: (path: string) => T): { readonly result: T; readonly release: () => void } {
  if (Buffer.byteLength(path) <= 107) return { result: use(path), release: () => undefined }
  const handle = openSync(dirname(path), 'r')
  return { result: use(`/proc/self/fd/${handle}/${path.slice(dirname(path).length + 1)}`), release: () => closeSync(handle) }
}

export function startDoorClient(options: {
  readonly dataDir: string
  readonly onOpen: () => void
  readonly onMessage: (message: unknown) => void
  readonly onClose?: () => void
}): DoorClient {
  let socket: Socket | undefined
  let open = false
  let closed = false
  let retryMs = FIRST_RETRY_MS
  let timer: NodeJS.Timeout | undefined

  const connect = () => {
    const line = tryConnect(options.dataDir)
    if (!line) {
      retry()
      return
    }
    const { result: mine, release } = line
    socket = mine
    mine.once('connect', () => {
      release()
      open = true
      retryMs = FIRST_RETRY_MS
      options.onOpen()
    })
    onJsonLines(mine, options.onMessage)
    mine.on('error', () => undefined) // `close` follows
    mine.once('close', () => {
      if (!open) release()
      else options.onClose?.()
      open = false
      retry()
    })
  }
  const retry = () => {
    if (closed) return
    timer = setTimeout(connect, retryMs)
    timer.unref()
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
  }
  connect()
  return {
    connected: () => open,
    send: (message) => {
      if (!open || !socket) return false
      socket.write(`${JSON.stringify(message)}\n`)
      return true
    },
    close: async () => {
      closed = true
      clearTimeout(timer)
      socket?.destroy()
    },
  }
}

/** @returns undefined while its folder is not there yet. */
function tryConnect(dataDir: string) {
  try {
    return withShortPath(doorPath(dataDir), (path) => createConnection(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
