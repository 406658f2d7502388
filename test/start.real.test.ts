import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ROLES, type RoleStatus } from '../domain/role-status.ts'
import { projectRoot } from '../project-root.ts'
import { startSystem, type RunningSystem } from './support/system.ts'
import { makeTempDir } from './support/temp-dir.ts'
import { until } from './support/until.ts'

const running: RunningSystem[] = []
afterEach(async () => {
  for (const system of running.splice(0)) await system.stop()
})
const start = async (...options: Parameters<typeof startSystem>) => {
  const system = await startSystem(...options)
  running.push(system)
  return system
}

/** The children of a process, from /proc. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(pid)
      } catch (error) {
        if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false // it ended meanwhile
        throw error
      }
    })
    .map(Number)
}

const commandLine = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
/** A process that has ended counts as gone even where nobody collects it. */
function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'Z'
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

describe('npm start', () => {
  it('starts all roles, says how to sign in, and stops them in order with exit code 0 within 10 s', async () => {
    const system = await start()
    expect(system.output()).toMatch(/Sign in {2}admin \/ \S{16,}/)
    expect(system.output()).toMatch(/mosquitto_pub -h 127\.0\.0\.1 -p \d+ -q 1 -u dev\.yangqu-760/)
    const commands = childrenOf(system.pid).map(commandLine)
    for (const role of ROLES) expect(commands.filter((words) => words.at(-1) === role)).toHaveLength(1)
    const simulator = commands.find((words) => !ROLES.some((role) => words.at(-1) === role))!
    for (const role of ROLES) expect(simulator.join(' ').replaceAll(projectRoot, '')).not.toContain(role)

    const children = childrenOf(system.pid)
    const { code, tookMs } = await system.stop()
    expect(code).toBe(0)
    expect(tookMs).toBeLessThan(10_000)
    for (const pid of children) expect(isAlive(pid)).toBe(false)
  })

  it('prints the generated password only at the start that made it', async () => {
    const temp = makeTempDir()
    const first = await start({ dataDir: temp.path })
    const { password } = first
    expect(first.output()).toContain(password)
    await first.stop()
    const second = await start({ dataDir: temp.path })
    expect(second.output()).not.toContain(password)
    await second.stop()
    temp.remove()
  })

  it('brings a killed role back within seconds and ends all children when the supervisor is killed with -9', async () => {
    const system = await start()
    const [ingest] = childrenOf(system.pid).filter((pid) => commandLine(pid).at(-1) === 'ingest')
    process.kill(ingest!, 'SIGKILL')
    await until(() => childrenOf(system.pid).some((pid) => pid !== ingest && commandLine(pid).at(-1) === 'ingest'), { timeoutMs: 2000 })
    const children = childrenOf(system.pid)
    process.kill(system.pid, 'SIGKILL')
    await until(() => children.every((pid) => !isAlive(pid)), { timeoutMs: 10_000, what: 'all children gone' })
  })

  it('npm passes SIGTERM on: nothing is left running', async () => {
    const temp = makeTempDir()
    const child = spawn('npm', ['start', '--silent'], {
      cwd: projectRoot,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], HTTP_PORT: '0', MQTT_PORT: '0', DATA_DIR: temp.path },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    await until(() => text.includes('Sign in'), { timeoutMs: 60_000 })
    const [supervisor] = childrenOf(child.pid!)
    const roles = childrenOf(supervisor!)
    expect(roles).toHaveLength(5)
    child.kill('SIGTERM')
    await until(() => [supervisor!, ...roles].every((pid) => !isAlive(pid)), { timeoutMs: 12_000 })
    temp.remove()
  })

  it('a role that starts alone waits for the others and says for what', async () => {
    const temp = makeTempDir()
    const child = spawn(process.execPath, ['start.mjs', 'alarms'], {
      cwd: projectRoot,
      env: { PATH: process.env['PATH'], DATA_DIR: temp.path },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const status = () => JSON.parse(readFileSync(join(temp.path, 'run', 'alarms.json'), 'utf8')) as RoleStatus
    await until(() => readdirSync(temp.path).includes('run') && status().state === 'waiting', { timeoutMs: 20_000 })
    expect(status().waitingFor).toMatch(/\S/)
    const exit = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
    temp.remove()
  })

  it('with bad settings lists every one with its rule, starts nothing, and ends with 78', () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, ['start.mjs'], {
      cwd: projectRoot,
      env: { PATH: process.env['PATH'], HTTP_PORT: 'x', RAW_DAYS: '-3', ADMIN_PASSWORD: 'short' },
      encoding: 'utf8',
    })
    expect(status).toBe(78)
    expect(stdout).toBe('')
    expect(stderr).toContain('HTTP_PORT must be a port number')
    expect(stderr).toContain('RAW_DAYS must be a whole number')
    expect(stderr).toContain('ADMIN_PASSWORD must have at least 12 characters')
    expect(stderr).not.toContain('short')
  })

  it('refuses a role that does not exist', () => {
    const { status, stderr } = spawnSync(process.execPath, ['start.mjs', 'brokr'], { cwd: projectRoot, encoding: 'utf8' })
    expect(status).toBe(78)
    expect(stderr).toContain('broker, ingest, alarms, dashboard')
  })

  it('says which port is taken, and by which setting it is moved', async () => {
    const system = await start()
    const temp = makeTempDir()
    const failed = await startSystem({ dataDir: temp.path, env: { MQTT_PORT: String(system.mqttPort) } }).then(
      () => 'started',
      (error: unknown) => String(error),
    )
    expect(failed).toMatch(/MQTT_PORT/)
    temp.remove()
  })
})

it('the welcome example, pasted into a shell, is acknowledged', async () => {
  const system = await start()
  const line = system
    .output()
    .split('\n')
    .find((text) => text.includes('mosquitto_pub'))!
  execFileSync('sh', ['-c', line.slice(line.indexOf('mosquitto_pub'))], { timeout: 5000 })
  const alarms = await until(async () => {
    const answer = await system.api<{ alarms: { code: string; device: string }[] }>('GET', '/alarms?estate=yangqu-760&limit=20')
    return answer.body.alarms.filter(({ code, device }) => code === 'touch' && device === 'zone-5')
  })
  expect(alarms.length).toBeGreaterThan(0)
})
