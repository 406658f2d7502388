import { describe, expect, it } from 'vitest'
import { recordLife } from '../../simulators/record-life.ts'
import { parseExportLine } from '../../broker/journal/export-line.ts'
import { readScenario } from '../../simulators/scenario-files.ts'
import { startEstateLife, type DeviceMessage } from '../../simulators/estate-life.ts'
import { lifeOffset } from '../../simulators/plan-scenario.ts'
import { firstDevice, MIDNIGHT, simulations, yangqu760 } from './support.ts'

const record = (seed: number, startAt: number, name = 'intrusion', lengthMs = 60_000) => {
  const scenario = readScenario(name)
  return [...recordLife({ estate: yangqu760, simulations, seed, startAt, lifeOffsetMs: lifeOffset(scenario, startAt), scenario, lengthMs })]
}
const entriesOf = (lines: readonly string[]) =>
  lines.map((line) => {
    const entry = parseExportLine(line)
    if ('fault' in entry) throw new Error(entry.fault)
    return { ...entry, text: Buffer.from(entry.payload).toString() }
  })
const readings = (messages: readonly DeviceMessage[]) => messages.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>)

describe('the life of an estate', () => {
  it('is the same byte for byte with the same seed, and at another hour but for the instants', () => {
    const at = MIDNIGHT + 13 * 3_600_000
    expect(record(7, at)).toEqual(record(7, at))
    expect(record(7, at)).not.toEqual(record(8, at))
    const shiftMs = 123_456_789
    const relative = (lines: readonly string[], start: number) =>
      entriesOf(lines).map(({ receivedAt, topic, text }) => [
        receivedAt - start,
        topic,
        text.replace(/"ts":(\d+)/, (_, ts) => `"ts":${Number(ts) - start}`),
      ])
    expect(relative(record(7, at + shiftMs), at + shiftMs)).toEqual(relative(record(7, at), at))
  })

  it('does not depend on how often it is looked at', () => {
    const start = { estate: yangqu760, simulations, seed: 3, startAt: MIDNIGHT }
    const often = startEstateLife(start)
    const seldom = startEstateLife(start)
    const many = Array.from({ length: 300 }, (_, i) => often.advance(MIDNIGHT + (i + 1) * 100)).flat()
    expect(many).toEqual(seldom.advance(MIDNIGHT + 30_000))
  })

  it('spreads the cameras over their 30 s rather than have all speak at once', () => {
    const life = startEstateLife({ estate: yangqu760, simulations, seed: 3, startAt: MIDNIGHT })
    const spoken = life.advance(MIDNIGHT + 35_000).filter(({ topic }) => topic.includes('/camera/'))
    expect(new Set(spoken.map(({ topic }) => topic)).size).toBe(64)
    const perSecond = new Map<number, number>()
    for (const { at } of spoken) perSecond.set(Math.floor(at / 1000), (perSecond.get(Math.floor(at / 1000)) ?? 0) + 1)
    expect(Math.max(...perSecond.values())).toBeLessThan(10)
  })

  it("tells a connecting gateway's own state first, then one reading of each device behind it", () => {
    const life = startEstateLife({ estate: yangqu760, simulations, seed: 3, startAt: MIDNIGHT })
    const topics = life.present('gw-fence').map(({ topic }) => topic.split('/').slice(2).join('/'))
    expect(topics[0]).toBe('gateway/gw-fence/telemetry')
    expect(topics.slice(1)).toEqual(Array.from({ length: 11 }, (_, i) => `fence-zone/zone-${i + 1}/telemetry`))
  })

  it('repeats a fault that still stands to a gateway that reconnects', () => {
    const life = startEstateLife({ estate: yangqu760, simulations, seed: 3, startAt: MIDNIGHT })
    const lift = firstDevice('elevator')
    life.input(lift, 'shut-in', {})
    const said = life.present(lift.gateway!).filter(({ topic }) => topic.endsWith('/event'))
    expect(readings(said)).toMatchObject([{ scheme: 'retrofit-box', code: '1', active: true }])
  })

  it("puts the gateway's own clock into what it passes on", () => {
    const life = startEstateLife({ estate: yangqu760, simulations, seed: 3, startAt: MIDNIGHT })
    const box = firstDevice('gateway', ({ id }) => id === 'gw-fence')
    life.input(box, 'clock', { offset_ms: 12_000 })
    const ahead = readings(life.advance(MIDNIGHT + 10_500).filter(({ connection }) => connection === 'gw-fence'))
    expect(ahead.length).toBeGreaterThan(10)
    expect(ahead.every(({ ts }) => (ts as number) > MIDNIGHT + 12_000)).toBe(true)
  })

  it('lets any device fall silent, and says so when it goes offline', () => {
    const life = startEstateLife({ estate: yangqu760, simulations, seed: 3, startAt: MIDNIGHT })
    const zone = firstDevice('fence-zone')
    expect(life.input(zone, 'silent', {})).toEqual([])
    expect(life.advance(MIDNIGHT + 60_000).filter(({ topic }) => topic.includes(`/${zone.id}/`))).toEqual([])
    life.input(zone, 'speak', {})
    expect(life.advance(MIDNIGHT + 120_000).filter(({ topic }) => topic.includes(`/${zone.id}/`)).length).toBeGreaterThan(4)
    expect(life.input(zone, 'offline', {})).toMatchObject([
      { topic: `estates/yangqu-760/fence-zone/${zone.id}/availability`, payload: 'offline', retain: true },
    ])
    expect(() => life.input(zone, 'explode', {})).toThrow('fence-zone does not know "explode"; it knows cut, climb')
  })

  it('as a recording holds what a broker would: who came and went, wills, and what waited meanwhile', () => {
    const entries = entriesOf(record(1, MIDNIGHT, 'gateway-lost', 90_000))
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1))
    expect(entries.every(({ receivedAt }, i) => i === 0 || receivedAt >= entries[i - 1]!.receivedAt)).toBe(true)
    const box = entries.filter(
      ({ topic, client, text }) => client === 'gw.yangqu-760.gw-fence' || (topic === 'system/presence' && text.includes('gw-fence')),
    )
    const comings = box
      .filter(({ topic }) => topic === 'system/presence')
      .map(({ receivedAt, text }) => [receivedAt - MIDNIGHT, (JSON.parse(text) as { what: string }).what])
    expect(comings).toEqual([
      [0, 'connected'],
      [0, 'gone'],
      [60_000, 'connected'],
    ])
    const said = box.filter(({ topic }) => topic.endsWith('/telemetry'))
    expect(said.filter(({ receivedAt }) => receivedAt > MIDNIGHT && receivedAt < MIDNIGHT + 60_000)).toEqual([])
    const late = said
      .filter(({ receivedAt }) => receivedAt === MIDNIGHT + 60_000)
      .map(({ text }) => (JSON.parse(text) as { ts: number }).ts)
    expect(late.length).toBeGreaterThan(12 + 50) // the present state of all, then a minute of eleven zones
  })
})
