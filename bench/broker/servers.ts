/** The two brokers that are compared, each in a process of its own on a free port. */
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { startBrokerLink } from '../../broker/journal/link.ts'
import { credentialUsername, type CredentialOwner } from '../../domain/credential.ts'
import type { RoleStatus } from '../../domain/role-status.ts'
import { builtFile, projectRoot } from '../../project-root.ts'
import { NODE_FLAGS } from '../../role-flags.ts'
import { makeTempDir } from '../../test/support/temp-dir.ts'
import { until } from '../../test/support/until.ts'

export interface Server {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

export interface Login {
  readonly username: string
  readonly password: string
}

export function makeLogins(
  count: number,
  ownerOf: (n: number) => CredentialOwner = (n) => ({ type: 'gateway', estate: 'bench', gateway: `g${n}` }),
): readonly (Login & { readonly owner: CredentialOwner })[] {
  return Array.from({ length: count }, (_, n) => {
    const owner = ownerOf(n)
    return { owner, username: credentialUsername(owner), password: randomBytes(32).toString('base64url') }
  })
}

/** The role as the supervisor runs it, with these credentials and a data folder of its own (or one that is there already). */
export async function startOurs(
  logins: ReturnType<typeof makeLogins>,
  options: { readonly dataDir?: string; readonly port?: number } = {},
): Promise<Server & { readonly dataDir: string }> {
  const temp = options.dataDir === undefined ? makeTempDir() : undefined
  const dataDir = options.dataDir ?? temp!.path
  const child = spawn(process.execPath, [...(NODE_FLAGS.broker ?? []), builtFile('main'), 'broker'], {
    cwd: projectRoot,
    env: { PATH: process.env['PATH'], HTTP_PORT: '0', MQTT_PORT: String(options.port ?? 0), DATA_DIR: dataDir, LOG_LEVEL: 'error' },
    stdio: 'inherit',
  })
  const status = await until(() => readStatus(dataDir, child.pid), { timeoutMs: 30_000, what: 'the broker' })
  const link = startBrokerLink({ dataDir })
  const credentials = logins.map(({ owner, username, password }) => ({
    username,
    passwordSha256: createHash('sha256').update(password).digest('hex'),
    owner,
    publish: owner.type === 'ext' ? [`estates/${owner.estate}/ext/#`] : [],
    subscribe: owner.type === 'ext' ? [`estates/${owner.estate}/#`] : [],
  }))
  await link.request('credentials', { revision: 1, credentials }, { timeoutMs: 30_000 })
  await link.close()
  return {
    port: status.figures!['mqttPort'] as number,
    pid: child.pid!,
    dataDir,
    stop: async () => {
      await end(child)
      temp?.remove()
    },
  }
}

export async function startBare(): Promise<Server> {
  const child = fork(builtFile('bench/broker/bare-aedes'), { stdio: 'inherit' })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { port, pid: child.pid!, stop: () => end(child) }
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

/** @returns undefined until this process has said on which port it listens. */
function readStatus(dataDir: string, pid: number | undefined): RoleStatus | undefined {
  try {
    const status = JSON.parse(readFileSync(join(dataDir, 'run', 'broker.json'), 'utf8')) as RoleStatus
    return status.pid === pid && status.figures?.['mqttPort'] !== undefined ? status : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
