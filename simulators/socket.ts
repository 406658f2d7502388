/** `DATA_DIR/run/simulator.sock`: one JSON line asks for a scenario or an input, one JSON line answers with the instant it was published. */
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { z } from 'zod'
import type { EpochMs } from '../domain/clock.ts'

const value = z.union([z.string(), z.number(), z.boolean()])
const request = z.union([
  z.strictObject({ estate: z.string(), scenario: z.string() }),
  /** A single fault: `{estate, device: "elevator#2", do: "alarm-button", with: {}}`. */
  z.strictObject({ estate: z.string(), device: z.string(), do: z.string(), with: z.record(z.string(), value).default({}) }),
])
export type SimulatorRequest = z.infer<typeof request>
export type SimulatorAnswer = { readonly publishedAt: EpochMs } | { readonly error: string }

export function simulatorSocketPath(dataDir: string): string {
  return join(dataDir, 'run', 'simulator.sock')
}

/** `handle` resolves with the instant of publishing; a RangeError is the caller's fault and goes back as `{error}`. */
export async function startSimulatorSocket(options: {
  readonly dataDir: string
  readonly handle: (request: SimulatorRequest) => Promise<EpochMs>
}): Promise<{ close(): Promise<void> }> {
  const path = simulatorSocketPath(options.dataDir)
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy()) // the asker is gone
    const lines = createInterface({ input: socket })
    lines.on('error', () => undefined) // readline passes the socket's error on
    lines.on('line', (line) => {
      void answer(line, options.handle).then((result) => socket.writable && socket.write(`${JSON.stringify(result)}\n`))
    })
  })
  rmSync(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  chmodSync(path, 0o600)
  return {
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

async function answer(line: string, handle: (request: SimulatorRequest) => Promise<EpochMs>): Promise<SimulatorAnswer> {
  const asked = parse(line)
  if (!asked) return { error: 'ask with one JSON line: {"estate", "scenario"} or {"estate", "device", "do", "with"}' }
  try {
    return { publishedAt: await handle(asked) }
  } catch (error) {
    if (error instanceof RangeError) return { error: error.message }
    throw error
  }
}

function parse(line: string): SimulatorRequest | undefined {
  try {
    const parsed = request.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
