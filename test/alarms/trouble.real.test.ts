import type { MqttClient } from 'mqtt'
import { afterEach, expect, test } from 'vitest'
import { startAlarms } from '../../alarms/role.ts'
import type { Alarm } from '../../domain/alarm.ts'
import type { AlarmChanged } from '../../domain/system.ts'
import { silentLog } from '../support/broker.ts'
import { until } from '../support/until.ts'
import { ESTATE, estate } from './estate.ts'
import { startLine, type Line } from './line.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(): Promise<{ readonly line: Line; readonly box: MqttClient; readonly alarms: () => Alarm[] }> {
  const line = await startLine()
  closers.push(() => line.broker.close())
  const role = await startAlarms(line.broker.config, silentLog)
  closers.push(() => role.close())
  const box = await line.connect('box')
  const alarms = () => {
    const newest = new Map<string, Alarm>()
    for (const { alarm } of line.said<AlarmChanged>('system/alarm')) newest.set(alarm.id, alarm)
    return [...newest.values()]
  }
  return { line, box, alarms }
}

const topicOf = (device: string, channel = 'telemetry') => `estates/${ESTATE}/${device}/${channel}`

test('a gateway that returns with ten minutes of old readings, one of them a climb: told, marked late, and gone by what is newer', async () => {
  const { box, alarms } = await start()
  const zone = (ts: number, state: string) => ({ ts, armed: true, state, voltage_kv: 6.4 })
  const publish = (payload: object) => box.publishAsync(topicOf('fence-zone/zone-1'), JSON.stringify(payload), { qos: 1 })
  const now = Date.now()
  await publish(zone(now - 700_000, 'normal'))
  await publish(zone(now, 'normal')) // a gateway first says how things are now
  const old = Array.from({ length: 60 }, (_, i) => zone(now - 600_000 + i * 10_000, i === 30 ? 'climb' : 'normal'))
  await box.publishAsync(topicOf('fence-zone/zone-1'), JSON.stringify(old), { qos: 1 })
  await publish(zone(now + 1, 'normal'))
  await publish({ ...zone(now + 2, 'normal'), voltage_kv: 5 }) // the word that all before it has been judged
  await until(() => alarms().some(({ code }) => code === 'low-voltage'))
  const told = alarms().filter(({ code }) => code !== 'low-voltage')
  expect(told).toMatchObject([
    { code: 'climb', device: 'zone-1', priority: 1, late: true, state: 'returned', detail: { observed_at: now - 300_000 } },
  ])
})

test('two boxes with one credential are told, and what either says is heard', async () => {
  const { line, box, alarms } = await start()
  const other = await line.connect('other-box')
  await until(() => alarms().some(({ code, kind, device }) => code === 'credential-shared' && kind === 'gateway' && device === 'gw-1'))
  await box.publishAsync(topicOf('fence-zone/zone-1', 'event'), JSON.stringify({ code: 'cut', active: true }), { qos: 1 })
  await other.publishAsync(topicOf('fence-zone/zone-2', 'event'), JSON.stringify({ code: 'tamper', active: true }), { qos: 1 })
  await until(() => alarms().length === 3)
  expect(
    alarms()
      .map(({ code, state }) => `${code} ${state}`)
      .sort(),
  ).toEqual(['credential-shared unacknowledged', 'cut unacknowledged', 'tamper unacknowledged'])
  expect(alarms().some(({ code }) => code === 'gateway-down')).toBe(false)
})

test("an estate's file replaced under standing alarms keeps those of the devices that stay and closes those of one that vanishes", async () => {
  const { line, box, alarms } = await start()
  const say = (zone: string, state: string) =>
    box.publishAsync(topicOf(`fence-zone/${zone}`), JSON.stringify({ ts: Date.now(), armed: true, state }), { qos: 1 })
  await say('zone-1', 'cut')
  await say('zone-2', 'cut')
  await until(() => alarms().length === 2)
  const kept = alarms().find(({ device }) => device === 'zone-2')!
  const before = estate()
  await line.writeEstate({ ...before, name: '改名', devices: before.devices.filter(({ id }) => id !== 'zone-1') })
  await say('zone-2', 'normal')
  await say('zone-1', 'cut') // nobody's by now
  await until(() => alarms().every(({ state }) => state !== 'unacknowledged'))
  expect(alarms().map(({ id, device, state, detail }) => [device, state, detail['closed_by'], id === kept.id])).toEqual([
    ['zone-1', 'closed', 'device-removed', false],
    ['zone-2', 'returned', undefined, true],
  ])
})
