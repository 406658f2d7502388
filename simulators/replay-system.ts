/** A whole system on a temporary data folder with a recording in the broker's place: the roles behind it are the real ones. */
import { fork, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { EpochMs } from '../domain/clock.ts'
import type { Estate } from '../domain/estate.ts'
import { AppError } from '../domain/errors.ts'
import type { Role } from '../domain/role-status.ts'
import { builtFile } from '../project-root.ts'
import { readRoleStatuses } from '../storage/role-status.ts'
import { signIn, type RestClient } from './rest-client.ts'

const ROLES: readonly Role[] = ['ingest', 'alarms', 'dashboard']
const READY_WITHIN_MS = 60_000
const END_WITHIN_MS = 9000

/** What the worker is given and says (`broker/replay-worker.ts`). */
export interface RecordingToPlay {
  readonly file: string
  readonly speed: number
  readonly firstAt: EpochMs
  readonly hasTicks: boolean
}
export interface Progress {
  readonly type: 'at' | 'done'
  readonly at: EpochMs
  readonly entries: number
  readonly head: number
}

export interface ReplaySystem {
  readonly url: string
  readonly username: string
  readonly password: string
  readonly rest: RestClient
  /** Gives the recording to the journal. @returns what the journal held at the end */
  play(onProgress: (progress: Progress) => void): Promise<Progress>
  /** Resolves when every role has worked off the journal up to there. */
  workedOff(head: number): Promise<void>
  close(): Promise<void>
}

export async function startReplaySystem(
  recording: RecordingToPlay,
  options: { readonly httpPort: number; readonly estate: Estate | undefined },
): Promise<ReplaySystem> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ew-'))
  const password = randomBytes(12).toString('base64url')
  const worker = new Worker(builtFile('broker/replay-worker'), { workerData: { ...recording, dataDir } })
  const children: ChildProcess[] = []
  const close = async () => {
    for (const child of [...children].reverse()) await end(child)
    const exited = new Promise((resolve) => worker.once('exit', resolve))
    worker.postMessage({ type: 'close' })
    await Promise.race([exited, sleep(END_WITHIN_MS, undefined, { ref: false })])
    await worker.terminate()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await firstMessage(worker)
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] }
    const settings = {
      DATA_DIR: dataDir,
      HTTP_PORT: String(options.httpPort),
      MQTT_PORT: '0',
      SIMULATE: 'off',
      ADMIN_PASSWORD: password,
      RAW_DAYS: '0',
      LOG_LEVEL: 'error',
    }
    const ports = await Promise.all(
      ROLES.map((role) => {
        const child = fork(builtFile('main'), [role], { env: { ...env, ...settings }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
        children.push(child)
        return started(child, role)
      }),
    )
    const url = `http://127.0.0.1:${ports[ROLES.indexOf('dashboard')]!['httpPort']}`
    const rest = await untilReady(() => signIn({ url, username: 'admin', password }))
    if (options.estate) await rest.call('POST', '/estates', options.estate)
    return {
      url,
      username: 'admin',
      password,
      rest,
      play: (onProgress) => play(worker, onProgress),
      workedOff: (head) => workedOff(dataDir, head),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function play(worker: Worker, onProgress: (progress: Progress) => void): Promise<Progress> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: Progress | { readonly type: 'failed'; readonly message: string }) => {
      if (message.type === 'failed') reject(new RangeError(message.message))
      else if (message.type === 'done') resolve(message)
      else onProgress(message)
    })
    worker.once('error', reject)
    worker.postMessage({ type: 'play' })
  })
}

async function workedOff(dataDir: string, head: number): Promise<void> {
  for (;;) {
    const statuses = readRoleStatuses(dataDir)
    if (ROLES.every((role) => (statuses[role]?.cursor ?? 0) >= head)) return
    await sleep(100)
  }
}

function started(child: ChildProcess, role: Role): Promise<Readonly<Record<string, number>>> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve((message as { ports: Record<string, number> }).ports))
    child.once('exit', (code) => reject(new RangeError(`${role} ended with code ${String(code)} before it was ready`)))
  })
}

/** The server takes nobody in before its first records are made. */
async function untilReady<T>(attempt: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + READY_WITHIN_MS; ;) {
    try {
      return await attempt()
    } catch (error) {
      const isEarly = error instanceof RangeError || (error instanceof AppError && error.code !== 'bad-request')
      if (!isEarly || Date.now() > deadline) throw error
      await sleep(200)
    }
  }
}

function firstMessage(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.once('error', reject)
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.removeAllListeners('message')
  child.kill('SIGTERM')
  await Promise.race([gone, sleep(END_WITHIN_MS, undefined, { ref: false })])
  child.kill('SIGKILL')
}
