import { describe, expect, it } from 'vitest'
import type { Estate } from '../../domain/estate.ts'
import { parseEstate } from '../../estates/load.ts'
import { writeEstate } from '../../estates/write.ts'
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
    { timeout: 60_000 },
    () => {
      const estates = invent(38, 7)
      for (const estate of estates) expect(parseEstate(writeEstate(estate)), estate.id).toMatchObject({ ok: true })
      expect(new Set(estates.map(({ id }) => id)).size).toBe(38)
      expect(new Set(estates.map(({ name }) => name)).size).toBe(38)
      const devices = estates.reduce((sum, estate) => sum + estate.devices.length, 0)
      expect(devices).toBeGreaterThan(11_500)
      expect(devices).toBeLessThan(14_500)
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
})
