import { createServer, type AddressInfo } from 'node:net'
import { spawn } from 'node:child_process'
import { Aedes } from 'aedes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtFile } from '../../project-root.ts'
import { startVirtualEstate } from '../../simulators/virtual-estate.ts'
import { until } from '../support/until.ts'
import { simulations, yangqu760 } from './support.ts'

/** A broker that is not ours and lets anyone in. */
let aedes: Aedes
const server = createServer((socket) => aedes.handle(socket))
const heard: { topic: string; text: string }[] = []
let port: number

beforeAll(async () => {
  aedes = await Aedes.createBroker()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  aedes.on('publish', ({ topic, payload }) => heard.push({ topic, text: payload.toString() }))
})
afterAll(async () => {
  await new Promise<void>((resolve) => aedes.close(resolve))
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

describe('at a broker that lets anyone in', { timeout: 90_000 }, () => {
  it('gateways connect without user names, carry out commands for their own devices and answer with the id', async () => {
    const estate = startVirtualEstate({
      estate: yangqu760,
      simulations,
      seed: 1,
      url: `mqtt://127.0.0.1:${port}`,
      logins: {},
      anonymous: true,
      onTrouble: (message) => expect.fail(message),
    })
    await estate.connected()
    await until(() => estate.drained())
    const command = (device: string, body: string) =>
      aedes.publish(
        {
          cmd: 'publish',
          topic: `estates/yangqu-760/fence-zone/${device}/command`,
          payload: Buffer.from(body),
          qos: 1,
          retain: false,
          dup: false,
        },
        () => undefined,
      )
    const results = () =>
      heard.filter(({ topic }) => topic.endsWith('/command/result')).map(({ text }) => JSON.parse(text) as Record<string, unknown>)
    command('zone-3', '{"id":"a","action":"disarm"}')
    command('zone-3', '{"id":"b","action":"fly"}')
    command('zone-3', 'not json')
    await until(() => results().length === 3)
    expect(results()).toEqual(
      expect.arrayContaining([
        { id: 'a', ok: true, detail: '' },
        { id: 'b', ok: false, detail: expect.stringContaining('fence-zone does not know "fly"') as string },
        { id: null, ok: false, detail: 'not a command: {id, action}' },
      ]),
    )
    await until(() => heard.some(({ topic, text }) => topic.endsWith('zone-3/telemetry') && text.includes('"armed":false')))
    await estate.close()
  })

  it('npm run simulate plays a scenario faster than life, takes a line meanwhile, and ends by itself', async () => {
    heard.length = 0
    const args = ['--estate', 'yangqu-760', '--scenario', 'cut', '--seed', '3', '--port', String(port), '--speed', '40', '--plain-broker']
    const child = spawn(process.execPath, [builtFile('simulators/simulate'), ...args])
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await until(() => output.includes('devices of yangqu-760'), { timeoutMs: 40_000, what: 'the start of simulate' })
    child.stdin.write('elevator#2 alarm-button\nelevator#2 dance\n')
    const code = await new Promise((resolve) => child.once('exit', resolve))
    expect(output).toContain('elevator does not know "dance"')
    expect(output).toMatch(/\d{3,} messages acknowledged/)
    expect(code).toBe(0)
    expect(heard.some(({ topic, text }) => topic.endsWith('zone-5/event') && text.includes('"cut","active":true'))).toBe(true)
    expect(heard.some(({ topic, text }) => topic.endsWith('lift-9-2/event') && text.includes('"90"'))).toBe(true)
    const ahead = heard
      .filter(({ topic }) => topic.endsWith('/telemetry'))
      .map(({ text }) => (JSON.parse(text) as { ts: number }).ts - Date.now())
    expect(Math.max(...ahead)).toBeLessThan(15_000) // a fast run of four minutes ends in the present, give or take a busy machine
  })
})
