/** The whole real system as a service manager runs it: a supervisor that is started again when it is killed, and a way to find and kill each of its processes. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Role } from '../../domain/role-status.ts'
import { builtFile, projectRoot } from '../../project-root.ts'

/** As systemd's RestartSec. */
const BACK_AFTER_MS = 300
const STOP_MS = 15_000

export interface WatchedSystem {
  /** The process that plays this part now; undefined while there is none. */
  pidOf(part: Role | 'supervisor'): number | undefined
  /** What it has printed; the newest lines. */
  output(): string
  /** SIGTERM. @returns the supervisor's exit code */
  stop(): Promise<number | null>
  /** Ends whatever is left of it, at once. */
  kill(): void
}

export function watchSystem(env: Readonly<Record<string, string>>): WatchedSystem {
  const started = new Set<number>() // every process of ours that was ever seen
  let child: ChildProcess | undefined
  let stopping = false
  let lines: string[] = []
  const keep = (chunk: Buffer) => {
    lines.push(...chunk.toString().split('\n'))
    lines = lines.filter((line) => line !== '').slice(-200)
  }
  const start = () => {
    child = spawn(process.execPath, [builtFile('main')], {
      cwd: projectRoot,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    started.add(child.pid!)
    child.stdout!.on('data', keep)
    child.stderr!.on('data', keep)
    child.once('exit', () => {
      if (!stopping) setTimeout(() => !stopping && start(), BACK_AFTER_MS)
    })
  }
  const pidOf = (part: Role | 'supervisor') => {
    const supervisor = child?.exitCode === null && child.signalCode === null ? child.pid : undefined
    if (supervisor === undefined || part === 'supervisor') return supervisor
    const pid = childrenOf(supervisor).find((one) => commandOf(one).at(-1) === part)
    if (pid !== undefined) started.add(pid)
    return pid
  }
  const killRest = () => {
    for (const pid of started) if (commandOf(pid).some((word) => word.startsWith(projectRoot))) process.kill(pid, 'SIGKILL')
  }
  process.once('exit', killRest)
  start()
  return {
    pidOf,
    output: () => lines.join('\n'),
    stop: async () => {
      stopping = true
      const last = child
      if (last && last.exitCode === null && last.signalCode === null) {
        const ended = new Promise((resolve) => last.once('exit', resolve))
        last.kill('SIGTERM')
        await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })])
      }
      return last?.exitCode ?? null
    },
    kill: () => {
      stopping = true
      killRest()
      process.off('exit', killRest)
    },
  }
}

function childrenOf(pid: number): readonly number[] {
  return readProc(`/proc/${pid}/task/${pid}/children`)
    .split(' ')
    .flatMap((text) => (text.trim() === '' ? [] : [Number(text)]))
}

function commandOf(pid: number): readonly string[] {
  return readProc(`/proc/${pid}/cmdline`)
    .split('\0')
    .filter((word) => word !== '')
}

/** Empty when the process is gone. */
function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}
