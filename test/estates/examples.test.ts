import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LIFT_STAGES, type Estate } from '../../domain/estate.ts'
import { lineLengthM, projectionAt, toMetresLine, wireBetween } from '../../domain/geometry.ts'
import { parseEstate } from '../../estates/load.ts'
import { writeEstate } from '../../estates/write.ts'
import { drawExample, wenxi251, yangqu } from '../../simulators/estate-maker/example-figures.ts'
import { toEstate } from '../../simulators/estate-maker/to-estate.ts'

const textOf = (id: string) => readFileSync(new URL(`../../estates/examples/${id}.yaml`, import.meta.url), 'utf8')

function load(id: string): Estate {
  const parsed = parseEstate(textOf(id))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults, null, 1))
  return parsed.estate
}

const count = (estate: Estate, kind: string) => estate.devices.filter((device) => device.kind === kind).length
const stages = (estate: Estate) => LIFT_STAGES.map((stage) => [stage, estate.lifts.filter((lift) => lift.stage === stage).length])

describe('the example estates', { timeout: 30_000 }, () => {
  it('have Yangqu Road 760 with 64 cameras, 1,100 m of fence in 11 zones, 260 bays and 6 lifts, and say that the lifts are assumed', () => {
    const estate = load('yangqu-760')
    expect(['camera', 'fence-zone', 'parking-bay', 'elevator'].map((kind) => count(estate, kind))).toEqual([64, 11, 260, 6])
    expect(estate.fence?.lengthM).toBe(1100)
    expect(estate.blocks).toHaveLength(33)
    expect(estate.note).toMatch(/six lifts are our assumption/)
    expect(estate.devices.filter(({ site }) => site['use'] === 'fire-lane')).toHaveLength(4)
    expect(estate.devices.filter(({ site }) => site['use'] === 'green')).toHaveLength(2)
  })

  it('have each zone of Yangqu Road 760 with 100 m of wire, its two gates left out', () => {
    const { fence, devices } = load('yangqu-760')
    const line = toMetresLine(projectionAt(fence!.line.coordinates[0]!), fence!.line)
    const zones = devices.filter(({ kind }) => kind === 'fence-zone').map(({ site }) => site as { fromM: number; toM: number })
    for (const zone of zones) {
      const wire = wireBetween(line, zone, fence!.openings)
      expect(wire.reduce((sum, piece) => sum + lineLengthM(piece), 0)).toBeCloseTo(100, 0)
    }
    expect(zones.map((zone) => wireBetween(line, zone, fence!.openings).length)).toEqual([1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1])
  })

  it('have the lifts of Yangqu estate: 2 in service, 3 under construction, 1 permitted, 10 signed', () => {
    const estate = load('yangqu')
    expect(stages(estate)).toEqual([
      ['signed', 10],
      ['permitted', 1],
      ['under-construction', 3],
      ['in-service', 2],
      ['taken-over', 0],
    ])
    expect(count(estate, 'elevator')).toBe(2)
  })

  it('have the 25 lifts of Wenxi Road 251, 5 of them in service', () => {
    const estate = load('wenxi-251')
    expect(estate.lifts).toHaveLength(25)
    expect(stages(estate)).toContainEqual(['in-service', 5])
    expect(count(estate, 'elevator')).toBe(5)
  })

  it.each(['yangqu-760', 'yangqu', 'wenxi-251'])('have somebody who decides and a gateway behind which each device of %s is', (id) => {
    const estate = load(id)
    expect(estate.duties).toContainEqual({ duty: 'decision-maker', for: {}, person: 'manager-1' })
    expect(estate.devices.filter(({ kind, gateway }) => kind !== 'gateway' && gateway === undefined)).toEqual([])
  })

  it.each(['yangqu-760', 'yangqu', 'wenxi-251'])('are the same estate when they are written, as YAML or JSON, and read again: %s', (id) => {
    const estate = load(id)
    expect(parseEstate(writeEstate(estate))).toEqual({ ok: true, estate })
    expect(parseEstate(JSON.stringify(estate))).toEqual({ ok: true, estate })
  })

  it.each([yangqu, wenxi251])('are what their generator makes: $head.id', (example) => {
    expect(writeEstate(toEstate(drawExample(example), example.head))).toBe(textOf(example.head.id))
  })
})
