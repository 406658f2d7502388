import { describe, expect, it } from 'vitest'
import { findKind } from '../../devices/index.ts'
import { planScenario, lifeOffset } from '../../simulators/plan-scenario.ts'
import { readScenario, scenarioNames } from '../../simulators/scenario-files.ts'
import { parseScenario, type AlarmExpectation } from '../../simulators/scenario.ts'
import { parseSelector, selectDevices } from '../../simulators/selector.ts'
import { MIDNIGHT, readExample, simulations, yangqu760 } from './support.ts'

const plan = (name: string, seed = 1) => planScenario(readScenario(name), { estate: yangqu760, simulations, seed })

describe('the scenarios that come with it', () => {
  it('are those that the acceptance asks for', () => {
    expect(scenarioNames()).toEqual(
      expect.arrayContaining([
        'cut',
        'entrapment',
        'entrapment-inferred',
        'evening-rush',
        'false-touches',
        'gateway-lost',
        'influx-outage',
        'intrusion',
        'long-run',
        'quiet-night',
      ]),
    )
  })

  it.each(scenarioNames())('%s can be played on its estate and expects only what there is', (name) => {
    const scenario = readScenario(name)
    expect(() => planScenario(scenario, { estate: readExample(scenario.estate), simulations, seed: 1 })).not.toThrow()
    const alarms: AlarmExpectation[] = [...scenario.expect, ...scenario.never].flatMap(({ alarm }) => alarm ?? [])
    const selectors = [
      ...alarms.map(({ device }) => device),
      ...scenario.expect.flatMap(({ reading, status }) => (reading ?? status)?.device ?? []),
    ]
    const named = selectors.filter((device) => device !== 'system').map((device) => parseSelector(device)!)
    expect(named.filter((selector) => selectDevices(selector, yangqu760).length === 0)).toEqual([])
    for (const { reading } of scenario.expect)
      if (reading)
        expect(Object.keys(findKind(parseSelector(reading.device)!.kind)!.fields)).toEqual(expect.arrayContaining(Object.keys(reading.is)))
    expect(scenario.expect.length + scenario.never.length).toBeGreaterThan(0)
  })

  it('put the intrusion into zone 5 at 437 m', () => {
    expect(plan('intrusion').map(({ afterMs, device, name, options }) => [afterMs, device.id, name, options['chainage_m']])).toEqual([
      [10_000, 'zone-5', 'touch', 436],
      [20_000, 'zone-5', 'cut', 437],
      [180_000, 'zone-5', 'clear', undefined],
    ])
  })

  it('draw the same cars for the same seed, each at its own second', () => {
    const cars = (seed: number) => plan('evening-rush', seed).filter(({ name }) => name === 'occupy')
    expect(cars(3)).toEqual(cars(3))
    expect(cars(3)).not.toEqual(cars(4))
    expect(cars(3).length).toBeGreaterThan(90)
    expect(cars(3).length).toBeLessThan(170)
    expect(new Set(cars(3).map(({ afterMs }) => afterMs)).size).toBeGreaterThan(80)
  })

  it('show their own time of day to people and cars, at whatever instant they start', () => {
    const { lifeAt } = { lifeAt: '02:10' }
    const shown = (startAt: number) => startAt + lifeOffset({ lifeAt }, startAt)
    expect(shown(1_795_500_000_000)).toBe(shown(1_700_000_000_000))
    expect((shown(0) - MIDNIGHT) / 60_000).toBe(130)
    expect(lifeOffset(undefined, 1_795_500_000_000)).toBe(0)
  })
})

describe('a scenario file', () => {
  const head = 'title: { zh: 试, en: try }\nseconds: 60\n'
  const faults = (text: string) => {
    const parsed = parseScenario('x', text)
    return parsed.ok ? [] : parsed.faults.map(({ line, path, rule }) => `${line ?? '?'} ${path} ${rule}`)
  }

  it('names every fault with its line and what to do', () => {
    const text = `${head}steps:
  - { at: 0, device: "zone 5", do: cut }
  - { at: 90, device: "fence-zone#1", do: cut, wiht: {} }
expect:
  - { by: 5 }
`
    const found = faults(text)
    expect(found).toHaveLength(2)
    expect(found[0]).toMatch(/^4 steps\[0\]\.device must be kind\/id, kind\/\*, kind#2/)
    expect(found[1]).toMatch(/^5 steps\[1\]\.wiht wiht is not known here/)
    expect(faults(`${head}steps: [{ at: 90, device: "fence-zone#1", do: cut }]\nexpect: [{ by: 5 }]\n`)).toEqual([
      "3 steps[0].at happens after the scenario's end at 60 s",
      '4 expect[0] expects nothing: give alarm, reading or status',
    ])
    expect(faults('title: [')).not.toEqual([])
  })

  it('is refused on an estate that does not have what it needs, or a kind that cannot do it', () => {
    const scenario = (device: string, what: string) => {
      const parsed = parseScenario('x', `${head}steps: [{ at: 0, device: "${device}", do: ${what} }]\n`)
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
      return () => planScenario(parsed.scenario, { estate: yangqu760, simulations, seed: 1 })
    }
    expect(scenario('fence-zone@4370', 'cut')).toThrow('needs fence-zone@4370, which estate yangqu-760 does not have')
    expect(scenario('elevator#1', 'cut')).toThrow('elevator does not know "cut"; it knows shut-in, release,')
    expect(scenario('gateway#1', 'lost')).not.toThrow()
    expect(() => readScenario('intrusoin')).toThrow('there is no scenario intrusoin; there are cut, entrapment')
  })
})

describe('a selector', () => {
  it.each([
    ['fence-zone@437', ['zone-5']],
    ['fence-zone@1100', []],
    ['elevator#2', ['lift-9-2']],
    ['gateway/gw-fence', ['gw-fence']],
    ['parking-bay:fire-lane#1', [yangqu760.devices.find(({ site }) => site['use'] === 'fire-lane')!.id]],
  ])('%s picks %j', (text, ids) => {
    expect(selectDevices(parseSelector(text)!, yangqu760).map(({ id }) => id)).toEqual(ids)
  })

  it('with a star picks all of a kind', () => {
    expect(selectDevices(parseSelector('camera/*')!, yangqu760)).toHaveLength(64)
  })
})
