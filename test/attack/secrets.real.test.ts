import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '../../project-root.ts'
import { STRICT, startStrictInflux2, type StrictInflux2 } from '../support/strict-influx2.ts'
import { startSystem, type RunningSystem } from '../support/system.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'

/** Planted, so that a trace of one is found wherever it is. */
const ADMIN = 'planted-Admin-Passw0rd'
const METRICS = 'planted-metrics-token'
const GUESSES = ['planted-wrong-password', 'planted-wrong-mqtt-password', 'planted-new-Passw0rd', 'planted-token-in-an-address']
const ESTATE = 'wenxi-251'
/** A box cannot be simulated without its password; the file is the owner's alone. */
const KEEPS_PASSWORDS = 'simulator-credentials.json'

const temp = makeTempDir()
let influx: StrictInflux2
let system: RunningSystem
const secrets = new Map<string, string>([
  ['the administrator’s password', ADMIN],
  ['the token of the metrics', METRICS],
  ['the token of InfluxDB', STRICT.token],
  ...GUESSES.map((guess) => [guess, guess] as const),
])
const answers: (readonly [name: string, text: string])[] = []

beforeAll(async () => {
  influx = await startStrictInflux2()
  system = await startSystem({
    dataDir: temp.path,
    env: {
      SIMULATE: 'off',
      LOG_LEVEL: 'trace',
      ADMIN_PASSWORD: ADMIN,
      METRICS_TOKEN: METRICS,
      INFLUX_URL: influx.url,
      INFLUX_TOKEN: STRICT.token,
      INFLUX_ORG: STRICT.org,
      INFLUX_BUCKET: STRICT.bucket,
    },
  })
}, 200_000)
afterAll(async () => {
  await system.stop()
  await influx.close()
  temp.remove()
})

const call = async (method: string, path: string, options: { body?: unknown; cookie?: string; headers?: Record<string, string> } = {}) => {
  const { body, cookie, headers } = options
  const answer = await fetch(`${system.url}${path}`, {
    method,
    headers: { ...(cookie !== undefined && { cookie }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, cookies: answer.headers.getSetCookie(), text: await answer.text() }
}
/** Calls and keeps the answer, in which no secret may be. */
const ask = async (...args: Parameters<typeof call>) => {
  const answer = await call(...args)
  answers.push([`the answer to ${args[0]} ${args[1].split('?')[0]}`, answer.text])
  return answer
}

test('no secret is in a log line, a file of the data folder, an answer, an export or the page', { timeout: 200_000 }, async () => {
  const signIn = async (username: string, password: string) => {
    const { cookies } = await call('POST', '/api/v1/session', { body: { username, password } })
    const cookie = cookies[0]!.split(';')[0]!
    secrets.set(`the session of ${username}`, cookie.split('=')[1]!)
    return cookie
  }
  const cookie = await signIn('admin', ADMIN)
  const make = async (name: string, path: string, body: unknown) => {
    const made = JSON.parse((await call('POST', path, { body, cookie })).text) as { username: string; password: string }
    secrets.set(name, made.password)
    return made
  }
  const person = await make('a person’s first password', '/api/v1/people', {
    username: 'guard',
    name: '值班员甲',
    role: 'desk',
    estates: [ESTATE],
  })
  const guard = await signIn(person.username, person.password)
  await ask('PUT', '/api/v1/session/password', { body: { old: GUESSES[0], new: GUESSES[2] }, cookie: guard })
  const gateway = await make('a gateway’s password', `/api/v1/estates/${ESTATE}/credentials/gw.${ESTATE}.gw-fence/rotate`, undefined)
  await make('another system’s password', `/api/v1/estates/${ESTATE}/credentials`, { name: 'erp', publish: [], subscribe: [] })

  // what goes wrong is logged, and what is logged must not say it
  for (const body of [
    { username: 'admin', password: GUESSES[0] },
    { username: 'admin', password: [GUESSES[0]] },
    { password: ADMIN, more: ADMIN },
  ])
    await ask('POST', '/api/v1/session', { body })
  await ask('GET', `/api/v1/estates?token=${GUESSES[3]}`, { cookie })
  await ask('GET', `/${GUESSES[3]}`, { headers: { authorization: `Bearer ${METRICS}`, accept: 'text/html' } })
  await ask('GET', '/metrics', { headers: { authorization: `Bearer ${METRICS}` } })
  const broker = `mqtt://127.0.0.1:${system.mqttPort}`
  const wrong = mqtt.connectAsync(broker, { username: gateway.username, password: GUESSES[1]!, reconnectPeriod: 0 }, false)
  await expect(wrong).rejects.toThrow()
  const client = await mqtt.connectAsync(broker, { username: gateway.username, password: gateway.password })
  await client.publishAsync(`estates/${ESTATE}/fence-zone/zone-1/telemetry`, '{"voltage_kv":6}', { qos: 1 })
  await client.publishAsync(`estates/${ESTATE}/fence-zone/zone-1/telemetry`, 'no JSON', { qos: 1 })
  await client.endAsync()
  await until(async () => (await call('GET', '/api/v1/operations', { cookie })).text.includes('"not-json","count":1'), {
    timeoutMs: 30_000,
  })

  const { paths } = JSON.parse((await call('GET', '/api/v1/openapi.json')).text) as { paths: Record<string, Record<string, unknown>> }
  const fill: Record<string, string> = { estate: ESTATE, kind: 'fence-zone', device: 'zone-1', username: gateway.username, id: 'none' }
  for (const [path, methods] of Object.entries(paths))
    if ('get' in methods)
      await ask(
        'GET',
        path.replace(/\{(\w+)\}/g, (_, name: string) => fill[name]!),
        { cookie },
      )
  await ask('GET', '/', { headers: { accept: 'text/html' } })
  await ask('GET', '/api/v1/session', { cookie: guard })
  const exported = execFileSync(process.execPath, ['scripts/run.mjs', 'scripts/journal', 'export'], {
    cwd: projectRoot,
    env: { PATH: process.env['PATH'], DATA_DIR: temp.path },
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  expect(exported).toContain('voltage_kv')
  await system.stop()

  const files = readdirSync(temp.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const places = new Map<string, string>([
    ['what was printed', system.output()],
    ['the export', exported],
    ...answers,
    ...files.map((file) => [file.name, readFileSync(join(file.parentPath, file.name)).toString('latin1')] as const),
  ])
  expect(files.length).toBeGreaterThan(5)
  expect(system.output()).toContain('"level":')
  const found = [...places].flatMap(([place, text]) =>
    [...secrets].filter(([, secret]) => text.includes(secret) && place !== KEEPS_PASSWORDS).map(([name]) => `${name} is in ${place}`),
  )
  expect(found).toEqual([])
})
