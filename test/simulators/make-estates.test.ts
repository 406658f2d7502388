import { describe, expect, it } from 'vitest'
import type { Estate } from '../../domain/estate.ts'
import type { Polygon, Position } from '../../domain/geojson.ts'
import { isInside, projectionAt, segmentsCross, type XY } from '../../domain/geometry.ts'
import { parseEstate } from '../../estates/load.ts'
import { writeEstate } from '../../estates/write.ts'
import { boxOf, overlaps } from '../../simulators/estate-maker/box.ts'
import { inventEstates } from '../../simulators/estate-maker/invent.ts'

const invent = (count: number, seed: number) => [...inventEstates({ count, seed })]
const houses = ({ blocks }: Estate) => blocks.map(({ outline }) => outline.coordinates[0]!)

describe('invented estates', { timeout: 120_000 }, () => {
  it('are the same, byte for byte, for the same seed, and others for another', () => {
    const texts = (seed: number) => invent(2, seed).map(writeEstate)
    expect(texts(7)).toEqual(texts(7))
    expect(texts(8)).not.toEqual(texts(7))
  })

  it('are the same whether few or many are asked for', () => {
    expect(invent(2, 7)).toEqual(invent(5, 7).slice(0, 2))
  })

  it(
    'are 38 estates of every kind of device, about 13,000 together, each of them sound and of a name of its own',
    { timeout: 120_000 },
    () => {
      const estates = invent(38, 7)
      for (const estate of estates) expect(parseEstate(writeEstate(estate)), estate.id).toMatchObject({ ok: true })
      expect(new Set(estates.map(({ id }) => id)).size).toBe(38)
      expect(new Set(estates.map(({ name }) => name)).size).toBe(38)
      const devices = estates.reduce((sum, estate) => sum + estate.devices.length, 0)
      expect(Math.abs(devices / 13_000 - 1)).toBeLessThan(0.02)
      for (const estate of estates) expect(new Set(estate.devices.map(({ kind }) => kind)).size).toBe(5)
    },
  )

  it('are no grids of squares: houses differ in length and few stand in line', () => {
    for (const estate of invent(4, 7)) {
      const lengths = new Set(estate.blocks.map(({ stairwells }) => stairwells))
      expect(lengths.size).toBeGreaterThan(1)
      const souths = new Set(houses(estate).map((ring) => ring[0]![1]))
      expect(souths.size).toBeGreaterThan(estate.blocks.length * 0.8)
    }
  })

  it('are laid out in several ways: along a creek, with angled houses, with gardens between houses, as points', () => {
    const estates = invent(24, 7)
    const having = (is: (estate: Estate) => boolean) => estates.filter(is).length
    const hasFeature = ({ plan }: Estate, id: string) => plan.features.some(({ properties }) => properties['id'] === id)
    expect(having((estate) => hasFeature(estate, 'creek'))).toBeGreaterThan(4)
    expect(having((estate) => houses(estate).some(({ length }) => length === 7))).toBeGreaterThan(4)
    expect(having((estate) => hasFeature(estate, 'green-1'))).toBeGreaterThan(2)
    expect(having(({ blocks }) => blocks.every(({ stairwells }) => stairwells === 2))).toBeGreaterThan(1)
  })

  it('have no house that touches another, and no bay under a house', () => {
    for (const estate of invent(24, 7)) {
      const projection = projectionAt(houses(estate)[0]![0]!)
      const ring = (places: readonly Position[]) => places.slice(1).map((place) => projection.toMetres(place))
      const blocks = houses(estate).map(ring)
      const bays = estate.devices.flatMap(({ kind, site }) =>
        kind === 'parking-bay' ? [ring((site['area'] as Polygon).coordinates[0]!)] : [],
      )
      for (const [i, block] of blocks.entries())
        expect([...blocks.slice(i + 1), ...bays].filter((other) => meet(block, other)).length, `${estate.id}, house ${i + 1}`).toBe(0)
    }
  })
})

function meet(a: readonly XY[], b: readonly XY[]): boolean {
  const [one, other] = [boxOf(a), boxOf(b)]
  if (!overlaps(one, other)) return false
  const sides = (ring: readonly XY[]) => ring.map((from, i) => [from, ring[(i + 1) % ring.length]!] as const)
  return sides(a).some(([p, q]) => sides(b).some(([r, s]) => segmentsCross(p, q, r, s))) || isInside(a[0]!, [b]) || isInside(b[0]!, [a])
}
