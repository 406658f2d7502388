/** Runs every role as a child process, brings a dead one back, and stops all in reverse order. */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { EXIT_BAD_SETTINGS } from './config.mjs'
import type { Config } from './config.ts'
import { ROLES } from './domain/role-status.ts'
import { builtFile } from './project-root.ts'
import { NODE_FLAGS } from './role-flags.ts'
import { EXIT_UNAVAILABLE, type RoleStarted } from './role-process.ts'
import { sayReady, sayStarting } from './welcome.ts'

const BACK_WITHIN_MS = 500
const EARLY_DEATH_MS = 5000
const LONGEST_WAIT_MS = 10_000
const STOP_EACH_MS = 2200
const STOP_ALL_MS = 9000

interface Part {
  readonly name: string
  readonly file: string
  readonly args: readonly string[]
  readonly flags?: readonly string[]
}

export async function supervise(config: Config): Promise<void> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const parts: Part[] = ROLES.map((name) => ({ name, file: builtFile('main'), args: [name], flags: NODE_FLAGS[name] ?? [] }))
  // its command line names no role, so that `pkill -f` for a role never meets it
  if (config.simulate !== 'off') parts.push({ name: 'simulated devices', file: builtFile('simulators/main'), args: [] })
  const children = new Map<string, ChildProcess>()
  const ports: Record<string, number> = {}
  const started = new Set<string>()
  let stopping: Promise<never> | undefined
  let ready = false

  const stop = (code: number) => {
    stopping ??= stopAll([...parts].reverse().flatMap(({ name }) => children.get(name) ?? [])).then(() => process.exit(code))
  }

  const run = (part: Part, earlyDeaths: number) => {
    const at = Date.now()
    const child = fork(part.file, [...part.args], {
      execArgv: [...process.execArgv, ...(part.flags ?? [])],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    children.set(part.name, child)
    if (child.stdout) createInterface({ input: child.stdout }).on('line', printLine)
    child.on('message', (message: RoleStarted) => {
      Object.assign(ports, message.ports)
      started.add(part.name)
    })
    child.on('exit', (code, signal) => {
      children.delete(part.name)
      if (stopping) return
      if (code === EXIT_BAD_SETTINGS || (code === EXIT_UNAVAILABLE && !ready)) {
        stop(code)
        return
      }
      if (part.name === 'simulated devices' && code === 0) return // the example estates are gone
      const deaths = Date.now() - at < EARLY_DEATH_MS ? earlyDeaths + 1 : 0
      const waitMs = deaths > 1 ? Math.min(BACK_WITHIN_MS * 2 ** (deaths - 1), LONGEST_WAIT_MS) : BACK_WITHIN_MS
      console.error(`${part.name} ended (${signal ?? code}); back in ${waitMs} ms`)
      setTimeout(() => {
        if (!stopping) run(part, deaths)
      }, waitMs)
    })
  }

  process.on('SIGTERM', () => stop(0))
  process.on('SIGINT', () => stop(0))
  sayStarting(config)
  for (const part of parts) run(part, 0)
  await sayReady({ config, ports, isStarted: (role) => started.has(role), isStopping: () => stopping !== undefined })
  ready = true
}

/** One after the other, so that a role's last words still find the roles before it on the line. */
async function stopAll(children: readonly ChildProcess[]): Promise<void> {
  const end = Date.now() + STOP_ALL_MS
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), Math.max(100, Math.min(STOP_EACH_MS, end - Date.now()))).unref()
    })
  }
}

/** On a terminal only warnings, as a sentence; elsewhere the JSON lines as they are. */
function printLine(line: string): void {
  if (!process.stdout.isTTY) {
    console.log(line)
    return
  }
  const entry = parseLogLine(line)
  if (entry === undefined) console.log(line)
  else if (entry.level >= 40)
    console.error(`${entry.role}: ${entry.msg}${entry.err?.message && entry.err.message !== entry.msg ? ` (${entry.err.message})` : ''}`)
}

function parseLogLine(line: string): { level: number; role: string; msg: string; err?: { message?: string } } | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line) as { level: number; role: string; msg: string }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined // a line of something else's
    throw error
  }
}
