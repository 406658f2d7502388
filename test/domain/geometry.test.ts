import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  areaM2,
  bearingDeg,
  chainageAtM,
  crossesItself,
  distanceM,
  isInside,
  lineDistanceM,
  lineLengthM,
  nearestOnLine,
  openingEnds,
  pointAlong,
  projectionAt,
  sliceLine,
  turn,
  wireBetween,
  type XY,
} from '../../domain/geometry.ts'

const metre = fc.double({ min: -500, max: 500, noNaN: true })
const point: fc.Arbitrary<XY> = fc.record({ x: metre, y: metre })
const line = fc.array(point, { minLength: 2, maxLength: 12 })

/** 1,100 m of wire with 7 m of gate at 0 m and at 176 m: a straight one, so that metres along it are its x. */
const OPENINGS = [
  { chainageM: 0, widthM: 7 },
  { chainageM: 176, widthM: 7 },
]
const STRAIGHT = [
  { x: 0, y: 0 },
  { x: 1107, y: 0 },
]

describe('chainage', () => {
  it.each([
    [0, 0],
    [100, 100],
    [176, 176],
    [176.01, 183.01],
    [437, 444],
    [1100, 1107],
  ])('of %d m is %d m along the line: the gate at 0 m lies before the line, that at 176 m within it', (chainageM, alongM) => {
    expect(lineDistanceM(chainageM, OPENINGS)).toBeCloseTo(alongM, 9)
  })

  it.each([
    [176, 176],
    [180, 176],
    [183, 176],
    [184, 177],
    [1107, 1100],
  ])('at %d m along the line is %d m: inside an opening it stands still', (alongM, chainageM) => {
    expect(chainageAtM(alongM, OPENINGS)).toBeCloseTo(chainageM, 9)
  })

  it('comes back from the line whatever the openings', () => {
    const openings = fc.array(fc.record({ chainageM: fc.integer({ min: 0, max: 1000 }), widthM: fc.integer({ min: 1, max: 12 }) }), {
      maxLength: 4,
    })
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1100, noNaN: true }), openings, (chainageM, gates) => {
        expect(chainageAtM(lineDistanceM(chainageM, gates), gates)).toBeCloseTo(chainageM, 6)
      }),
    )
  })

  it('never falls along the line', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1107, noNaN: true }), fc.double({ min: 0, max: 50, noNaN: true }), (alongM, stepM) => {
        expect(chainageAtM(alongM + stepM, OPENINGS)).toBeGreaterThanOrEqual(chainageAtM(alongM, OPENINGS))
      }),
    )
  })
})

describe('the wire between two chainages', () => {
  const lengths = (fromM: number, toM: number) =>
    wireBetween(STRAIGHT, { fromM, toM }, OPENINGS).map((piece) => [piece[0]!.x, piece.at(-1)!.x])

  it('is cut at a gate on the way', () => {
    expect(lengths(100, 200)).toEqual([
      [100, 176],
      [183, 207],
    ])
  })

  it('begins behind a gate at its start and ends before a gate at its end', () => {
    expect(lengths(176, 200)).toEqual([[183, 207]])
    expect(lengths(100, 176)).toEqual([[100, 176]])
  })

  it('reaches from the first to the last metre without the gate at 0 m', () => {
    expect(lengths(0, 100)).toEqual([[0, 100]])
    expect(lengths(1000, 1100)).toEqual([[1007, 1107]])
  })

  it('is as long as the chainages say, on any line', () => {
    fc.assert(
      fc.property(line, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (points, a, b) => {
        const total = lineLengthM(points)
        const gate = { chainageM: total * 0.4, widthM: total * 0.05 }
        const wireM = total - gate.widthM
        const [fromM, toM] = [Math.min(a, b) * wireM, Math.max(a, b) * wireM]
        const lengthM = wireBetween(points, { fromM, toM }, [gate]).reduce((sum, piece) => sum + lineLengthM(piece), 0)
        expect(lengthM).toBeCloseTo(toM - fromM, 5)
      }),
    )
  })

  it('leaves the jambs of each gate at its ends', () => {
    expect(openingEnds(STRAIGHT, OPENINGS[1]!, OPENINGS)).toEqual([
      { x: 176, y: 0 },
      { x: 183, y: 0 },
    ])
    expect(openingEnds(STRAIGHT, OPENINGS[0]!, OPENINGS)).toEqual([
      { x: 1107, y: 0 },
      { x: 0, y: 0 },
    ])
  })
})

describe('lines', () => {
  it('are cut without loss at any metre', () => {
    fc.assert(
      fc.property(line, fc.double({ min: 0, max: 1, noNaN: true }), (points, share) => {
        const total = lineLengthM(points)
        const at = total * share
        expect(lineLengthM(sliceLine(points, 0, at)) + lineLengthM(sliceLine(points, at, total))).toBeCloseTo(total, 5)
      }),
    )
  })

  it('are nearest to a point on them at no distance', () => {
    fc.assert(
      fc.property(line, fc.double({ min: 0, max: 1, noNaN: true }), (points, share) => {
        expect(nearestOnLine(points, pointAlong(points, lineLengthM(points) * share)).awayM).toBeLessThan(1e-6)
      }),
    )
  })

  it('are nowhere nearer than where they are said to be nearest', () => {
    fc.assert(
      fc.property(line, point, fc.double({ min: 0, max: 1, noNaN: true }), (points, from, share) => {
        const elsewhere = distanceM(from, pointAlong(points, lineLengthM(points) * share))
        expect(nearestOnLine(points, from).awayM).toBeLessThanOrEqual(elsewhere + 1e-6)
      }),
    )
  })
})

describe('the frame of an estate', () => {
  it('comes back from the globe to the millimetre', () => {
    const projection = projectionAt([121.45, 31.3])
    fc.assert(
      fc.property(point, (from) => {
        expect(distanceM(projection.toMetres(projection.toPosition(from)), from)).toBeLessThan(0.001)
      }),
    )
  })

  it('keeps lengths when it is turned, and comes back when it is turned back', () => {
    fc.assert(
      fc.property(point, point, fc.double({ min: -360, max: 360, noNaN: true }), (a, b, degrees) => {
        expect(distanceM(turn(a, degrees), turn(b, degrees))).toBeCloseTo(distanceM(a, b), 6)
        expect(distanceM(turn(turn(a, degrees), -degrees), a)).toBeLessThan(1e-6)
      }),
    )
  })

  it('turns clockwise as bearings do', () => {
    expect(bearingDeg({ x: 0, y: 0 }, turn({ x: 0, y: 10 }, 7))).toBeCloseTo(7, 9)
    expect(bearingDeg({ x: 0, y: 0 }, { x: -1, y: 0 })).toBe(270)
  })
})

describe('outlines', () => {
  const square = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 10 },
    { x: 0, y: 10 },
  ]
  const bowTie = [square[0]!, square[2]!, square[1]!, square[3]!]

  it('that cross themselves are told from those that do not, closed or not', () => {
    expect([crossesItself(square), crossesItself([...square, square[0]!])]).toEqual([false, false])
    expect([crossesItself(bowTie), crossesItself([...bowTie, bowTie[0]!])]).toEqual([true, true])
  })

  it('that are convex never cross themselves and hold their middle', () => {
    const angles = fc.uniqueArray(fc.integer({ min: 0, max: 359 }), { minLength: 3, maxLength: 12 })
    fc.assert(
      fc.property(angles, (degrees) => {
        const ring = degrees.sort((a, b) => a - b).map((angle) => turn({ x: 0, y: 100 }, angle))
        expect(crossesItself(ring)).toBe(false)
        const middle = {
          x: ring.reduce((sum, { x }) => sum + x, 0) / ring.length,
          y: ring.reduce((sum, { y }) => sum + y, 0) / ring.length,
        }
        if (areaM2(ring) > 1) expect(isInside(middle, [ring])).toBe(true)
      }),
    )
  })

  it('have the same area whichever way round and wherever they lie', () => {
    expect(areaM2(square)).toBe(100)
    expect(areaM2([...square].reverse().map(({ x, y }) => ({ x: x + 1000, y: y - 1000 })))).toBe(100)
  })

  it('do not hold what is in their holes', () => {
    const hole = square.map(({ x, y }) => ({ x: x * 0.5 + 2, y: y * 0.5 + 2 }))
    expect(isInside({ x: 4, y: 4 }, [square, hole])).toBe(false)
    expect(isInside({ x: 1, y: 1 }, [square, hole])).toBe(true)
  })
})
