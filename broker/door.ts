/** The door for our own processes, `DATA_DIR/run/broker.sock` (mode 600): appends `system/…` messages, answers requests, says when the head moves. */
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { AppError } from '../domain/errors.ts'
import type { Log } from '../log.ts'
import { doorPath, withShortPath } from './journal/door-client.ts'
import type { DoorAnswer, DoorRequest } from './journal/link.ts'
import { onJsonLines } from './journal/lines.ts'
import type { EmbeddedJournalWriter } from './journal/writer.ts'

/** Measured: one nudge for each commit costs more than it gains; 5 ms are not seen on a screen. */
const NUDGE_MS = 5
/** A follower that reads so slowly looks for itself each half second. */
const FOLLOWER_BUFFER = 64 << 10

export type DoorHandler = (body: unknown) => unknown

export interface Door {
  close(): Promise<void>
}

export async function startDoor(options: {
  readonly dataDir: string
  readonly journal: EmbeddedJournalWriter
  /** @throws AppError */
  readonly append: (topic: string, payload: unknown) => Promise<number>
  readonly requests: Readonly<Record<string, DoorHandler>>
  readonly log: Log
}): Promise<Door> {
  const path = doorPath(options.dataDir)
  mkdirSync(dirname(path), { recursive: true })
  chmodSync(dirname(path), 0o700)
  const sockets = new Set<Socket>()
  const followers = new Set<Socket>()

  const answer = async (message: DoorRequest): Promise<DoorAnswer> => {
    const { id } = message
    try {
      if (message.deadline < Date.now()) throw new AppError('broker-away', 'The request came after its time.')
      if ('append' in message) return { id, ok: await options.append(message.append.topic, message.append.payload) }
      const handler = Object.hasOwn(options.requests, message.request) ? options.requests[message.request] : undefined
      if (!handler) throw new AppError('not-found', `The broker does not know ${message.request}.`)
      return { id, ok: (await handler(message.body)) ?? null }
    } catch (error) {
      if (!(error instanceof AppError)) options.log.error({ err: error }, 'a request of another role failed')
      const code = error instanceof AppError ? error.code : 'internal-error'
      return { id, error: { code, message: error instanceof Error ? error.message : String(error) } }
    }
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined) // `close` follows
    socket.once('close', () => {
      sockets.delete(socket)
      followers.delete(socket)
    })
    onJsonLines(socket, (message) => {
      if ((message as { follow?: true }).follow) {
        followers.add(socket)
        socket.write(`{"head":${options.journal.head()}}\n`)
        return
      }
      void answer(message as DoorRequest).then((reply) => {
        if (!socket.destroyed) socket.write(`${JSON.stringify(reply)}\n`)
      })
    })
  })
  let nudging: NodeJS.Timeout | undefined
  const nudge = () => {
    nudging = undefined
    const line = `{"head":${options.journal.head()}}\n`
    for (const socket of followers) if (socket.writableLength < FOLLOWER_BUFFER) socket.write(line)
  }
  const off = options.journal.onHead(() => {
    nudging ??= setTimeout(nudge, NUDGE_MS)
  })

  rmSync(path, { force: true }) // left by a killed broker; the journal's lock says that none lives
  const bound = withShortPath(
    path,
    (short) =>
      new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(short, resolve)
      }),
  )
  await bound.result
  chmodSync(path, 0o600)
  return {
    close: async () => {
      off()
      clearTimeout(nudging)
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
      bound.release()
    },
  }
}
