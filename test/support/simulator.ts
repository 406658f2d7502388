/** Asks the process of the simulated devices for a scenario or a single fault, as the try-it strip's server does. */
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { join } from 'node:path'

export type Ask =
  | { readonly estate: string; readonly scenario: string }
  | {
      readonly estate: string
      readonly device: string
      readonly do: string
      readonly with?: Readonly<Record<string, string | number | boolean>>
    }

/** @returns when its first telling message was published, epoch ms */
export function askSimulator(dataDir: string, ask: Ask): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(join(dataDir, 'run', 'simulator.sock'))
    socket.once('error', reject)
    createInterface({ input: socket }).once('line', (line) => {
      const answer = JSON.parse(line) as { publishedAt?: number; error?: string }
      socket.end()
      if (answer.publishedAt === undefined) reject(new Error(answer.error))
      else resolve(answer.publishedAt)
    })
    socket.write(`${JSON.stringify(ask)}\n`)
  })
}
