import { startBroker } from '../../broker/role.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { MqttClient } from 'mqtt'
import type { JournalEntry } from '../../domain/journal.ts'
import { deviceTopic, parseDeviceTopic } from '../../domain/topic.ts'
import { lifeOffset } from '../../simulators/plan-scenario.ts'
import { parseExportLine } from '../../broker/journal/export-line.ts'
import { recordLife } from '../../simulators/record-life.ts'
import { runScenario } from '../../simulators/run-scenario.ts'
import { readScenario } from '../../simulators/scenario-files.ts'
import { startVirtualEstate, type VirtualEstate } from '../../simulators/virtual-estate.ts'
import { makeCredential, silentLog, startTestBroker, type TestBroker, type TestCredential } from '../support/broker.ts'
import { until } from '../support/until.ts'
import { firstDevice, simulations, yangqu760 } from './support.ts'

const SCENARIO = readScenario('intrusion')
const gateways = yangqu760.devices.filter(({ kind }) => kind === 'gateway').map(({ id }) => id)
let broker: TestBroker
let logins: Record<string, TestCredential>

beforeAll(async () => {
  broker = await startTestBroker()
  logins = Object.fromEntries(gateways.map((id) => [id, makeCredential({ type: 'gateway', estate: 'yangqu-760', gateway: id })]))
  watcher = makeCredential({ type: 'ext', estate: 'yangqu-760', name: 'watcher' })
  await broker.setCredentials([...Object.values(logins), watcher])
})
afterEach(() => running?.close())
afterAll(() => broker.close())

let watcher: TestCredential
let running: VirtualEstate | undefined

const start = (options: { seed: number; speed?: number; startAt?: number; only?: readonly string[]; troubles?: string[] }) => {
  const { only, troubles = [] } = options
  const startAt = options.startAt ?? Date.now()
  running = startVirtualEstate({
    estate: yangqu760,
    simulations,
    url: `mqtt://127.0.0.1:${broker.broker.mqttPort}`,
    logins: only ? Object.fromEntries(only.map((id) => [id, logins[id]!])) : logins,
    lifeOffsetMs: lifeOffset(SCENARIO, startAt),
    onTrouble: (message) => troubles.push(message),
    ...options,
    startAt,
  })
  return running
}
const known: JournalEntry[] = []
/** What gateways have said after this number; reads only what is new. */
const since = (seq: number) => {
  for (
    let slice = broker.journal.read(known.at(-1)?.seq ?? 0, 2000);
    slice.length > 0;
    slice = broker.journal.read(known.at(-1)!.seq, 2000)
  )
    known.push(...slice)
  return known.filter((entry) => entry.seq > seq && entry.client.startsWith('gw.'))
}
const head = () => {
  since(0)
  return known.at(-1)?.seq ?? 0
}
const textOf = ({ payload }: { payload: Uint8Array }) => Buffer.from(payload).toString()
const collect = async (client: MqttClient) => {
  const heard: { topic: string; text: string; retain: boolean }[] = []
  client.on('message', (topic, payload, packet) => heard.push({ topic, text: payload.toString(), retain: packet.retain }))
  await client.subscribeAsync('estates/yangqu-760/#', { qos: 1 })
  return heard
}

describe('the gateways of a simulated estate', { timeout: 90_000 }, () => {
  it('publish the same messages as another run with the same seed, byte for byte', async () => {
    const startAt = Date.now() - 40_000
    const from = head()
    const estate = start({ seed: 7, speed: 100, startAt })
    await estate.connected()
    const run = runScenario(SCENARIO, { on: estate, simulations, seed: 7, startAt })
    const lengthMs = 20_000 // up to the cut
    const told = [
      ...recordLife({
        estate: yangqu760,
        simulations,
        seed: 7,
        startAt,
        lifeOffsetMs: lifeOffset(SCENARIO, startAt),
        scenario: SCENARIO,
        lengthMs,
      }),
    ].flatMap((line) => {
      const entry = parseExportLine(line)
      return 'fault' in entry ? [] : [entry]
    })
    const published = (gateway: string) =>
      since(from).filter(({ client, topic }) => client === `gw.yangqu-760.${gateway}` && !topic.endsWith('/availability'))
    const some = ['gw-fence', 'gw-cam-north', 'gw-lift-7-1', 'gw-park-1'].map((gateway) => ({
      gateway,
      wanted: told
        .filter((entry) => entry.client === `gw.yangqu-760.${gateway}` && !entry.topic.endsWith('/availability'))
        .map((entry) => `${entry.topic} ${textOf(entry)}`),
    }))
    await until(() => some.every(({ gateway, wanted }) => published(gateway).length >= wanted.length), { timeoutMs: 60_000 })
    run.cancel()
    for (const { gateway, wanted } of some) {
      const got = published(gateway).map((entry) => `${entry.topic} ${textOf(entry)}`)
      expect(got.slice(0, wanted.length).join('\n')).toBe(wanted.join('\n'))
    }
  })

  it('say at connect that they are online, then how each of their devices is, and at the end that they are off', async () => {
    const from = head()
    const said = () => since(from).filter(({ client }) => client === 'gw.yangqu-760.gw-fence')
    const estate = start({ seed: 1, only: ['gw-fence'] })
    await estate.connected()
    await until(() => said().length >= 13)
    const first = said().slice(0, 13)
    expect(first[0]).toMatchObject({ topic: 'estates/yangqu-760/gateway/gw-fence/availability' })
    expect(textOf(first[0]!)).toBe('online')
    expect(first.slice(1).map(({ topic }) => parseDeviceTopic(topic))).toMatchObject([
      { kind: 'gateway', device: 'gw-fence' },
      ...Array.from({ length: 11 }, (_, i) => ({ kind: 'fence-zone', device: `zone-${i + 1}`, channel: 'telemetry' })),
    ])
    await estate.close()
    const availability = () =>
      said()
        .filter(({ topic }) => topic.endsWith('/availability'))
        .map(textOf)
    await until(() => availability().length === 2)
    expect(availability()).toEqual(['online', 'offline'])
  })

  it('leave their will when lost without a word, queue meanwhile, and make up for it when they are back', async () => {
    const heard = await collect(await broker.connect(watcher))
    const estate = start({ seed: 1, only: ['gw-fence'] })
    await estate.connected()
    const box = firstDevice('gateway', ({ id }) => id === 'gw-fence')
    const zone = firstDevice('fence-zone', ({ id }) => id === 'zone-5')
    const say = (device: typeof box, name: string, options = {}) => estate.schedule({ at: 0, device, name, options })
    const lostAt = await say(box, 'lost')
    const availability = deviceTopic({ estate: 'yangqu-760', kind: 'gateway', device: 'gw-fence', channel: 'availability' })
    await until(() => heard.some(({ topic, text, retain }) => topic === availability && text === 'offline' && !retain))
    expect(Date.now() - lostAt).toBeLessThan(1500)
    const from = head()
    const toldLater = say(zone, 'cut', { chainage_m: 437 })
    await until(() => !estate.drained())
    await say(box, 'back')
    expect(await toldLater).toBeGreaterThan(lostAt)
    await until(() => since(from).some(({ topic }) => topic.endsWith('zone-5/event')))
    const after = since(from)
    const queued = after
      .filter(({ topic }) => topic.endsWith('gw-fence/telemetry'))
      .map((entry) => (JSON.parse(textOf(entry)) as { queued: number }).queued)
    expect(queued[0]).toBeGreaterThanOrEqual(1)
    const cut = after.filter(({ topic }) => topic.includes('/zone-5/'))
    expect(JSON.parse(textOf(cut[0]!))).toMatchObject({ state: 'cut' }) // the present state comes first
    expect(JSON.parse(textOf(cut.find(({ topic }) => topic.endsWith('/event'))!))).toMatchObject({
      code: 'cut',
      active: true,
      chainage_m: 437,
    })
    await estate.close()
  })

  it('come back by themselves when the broker was away, with what they had to say meanwhile', async () => {
    const troubles: string[] = []
    const estate = start({ seed: 1, only: ['gw-lift-7-1'], troubles })
    await estate.connected()
    const port = broker.broker.mqttPort
    await broker.broker.close()
    const told = estate.schedule({ at: 0, device: firstDevice('elevator'), name: 'alarm-button', options: {} })
    const again = await startBroker({ ...broker.config, mqttPort: port }, silentLog)
    await told
    await until(() => broker.entries().some((entry) => entry.topic.endsWith('lift-7-1/event') && textOf(entry).includes('"90"')))
    await estate.close()
    await again.close()
    await broker.restart()
  })

  it('say once, in words, that a credential is refused, and go on trying', async () => {
    const troubles: string[] = []
    const estate = startVirtualEstate({
      estate: yangqu760,
      simulations,
      seed: 1,
      url: `mqtt://127.0.0.1:${broker.broker.mqttPort}`,
      logins: { 'gw-fence': { username: 'gw.yangqu-760.gw-fence', password: 'wrong' } },
      onTrouble: (message) => troubles.push(message),
    })
    await until(() => troubles.length > 0)
    expect(troubles).toEqual(['gw-fence of yangqu-760: the broker refuses the credential (wrong, revoked, or of another estate)'])
    await estate.close()
  })
})
