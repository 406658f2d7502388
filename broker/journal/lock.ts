/** Only one process writes a journal (or other files of a folder): an abstract unix socket named after the folder is held while it does, and goes with the process. */
import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { AppError } from '../../domain/errors.ts'

export interface Lock {
  close(): Promise<void>
}

/** @throws AppError `already-running` when another process holds it. */
export async function takeLock(folder: string, what = 'journal'): Promise<Lock> {
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 32)
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new AppError('already-running', `Another process writes the ${what} in ${folder}. Stop it first.`, { cause: error })
          : error,
      ),
    )
    server.listen(`\0estatewatch-${what}-${name}`, resolve)
  })
  server.unref()
  return { close: () => new Promise((resolve) => server.close(() => resolve())) }
}
