import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { language } from '../../../../dashboard/web/i18n/language.ts'
import { planGeometry } from '../../../../dashboard/web/plan/plan-geometry.ts'
import { overlaps, placeLabels, textWidth, type Label } from '../../../../dashboard/web/views/desk/plan/labels.ts'
import { placeMarks, type MarkInput } from '../../../../dashboard/web/views/desk/plan/marks.ts'
import { chainageTicks, circled, fencePoint } from '../../../../dashboard/web/views/desk/plan/outside.ts'
import { planLabels, roadLabels } from '../../../../dashboard/web/views/desk/plan/plan-labels.ts'
import { centreOn, detail, fitView, scaleBar, toPx, zoomAt } from '../../../../dashboard/web/views/desk/plan/view.ts'
import { alarm, estate } from '../fixtures/small-estate.ts'

const plan = planGeometry(estate)
const size = { width: 676, height: 520 }
const view = fitView(plan.bounds, size)
afterEach(() => void (language.value = 'zh'))

const label = (id: string, rank: Label['rank'], x = 0): Label => ({ id, text: id, rank, x, y: 0, width: 20, height: 10 })

describe('labels', () => {
  it('drop in the order chainage, zone, camera, block; an alarm’s never', () => {
    const all = [
      label('m', 'chainage'),
      label('z', 'zone'),
      label('c', 'camera'),
      label('b', 'block'),
      label('a', 'alarm'),
      label('a2', 'alarm'),
    ]
    expect(placeLabels(all).map(({ id }) => id)).toEqual(['a', 'a2'])
    expect(placeLabels(all.slice(0, 3)).map(({ id }) => id)).toEqual(['c'])
  })

  it('never lie on each other, alarms apart', () => {
    const any = fc.record({
      x: fc.integer({ min: 0, max: 200 }),
      y: fc.integer({ min: 0, max: 100 }),
      rank: fc.constantFrom('block', 'camera', 'zone', 'chainage'),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (list) => {
        const kept = placeLabels(list.map(({ x, y, rank }, i) => ({ ...label(String(i), rank as Label['rank']), x, y })))
        return kept.every((a, i) => kept.slice(i + 1).every((b) => !overlaps(a, b)))
      }),
    )
  })

  it('count a Chinese sign as wide as it is high', () => {
    expect(textWidth('断线', 12)).toBe(24)
    expect(textWidth('437 m', 10)).toBeLessThan(30)
  })

  it('name houses by their number and a gate at 0 with its metre', () => {
    const texts = planLabels(plan, { view, seeing: new Set(['cam-01']) }).map(({ text }) => text)
    expect(texts).toEqual(expect.arrayContaining(['1号', '2号', '南门 0 m', '西门', '01', '①', '100', '300']))
    expect(texts).not.toContain('02') // a camera that does not matter now
    expect(texts).not.toContain('1') // no bay numbers in the overview
    language.value = 'en'
    expect(planLabels(plan, { view, seeing: new Set() }).map(({ text }) => text)).toEqual(expect.arrayContaining(['1', 'South gate 0 m']))
  })

  it('stack the signs of a road that runs up and down, where no other label lies', () => {
    const [road] = roadLabels(plan, view, { size, taken: [] })
    expect(road).toMatchObject({ text: '阳曲路', stacked: true })
    const [moved] = roadLabels(plan, view, { size, taken: [road!] })
    expect(overlaps(moved!, road!)).toBe(false)
  })
})

describe('the view of the plan', () => {
  it('fits the estate with room around it', () => {
    const corners = [plan.bounds.min, plan.bounds.max].map((corner) => toPx(view, corner))
    for (const { x, y } of corners) {
      expect(x).toBeGreaterThanOrEqual(34)
      expect(x).toBeLessThanOrEqual(size.width - 30)
      expect(y).toBeGreaterThanOrEqual(30)
      expect(y).toBeLessThanOrEqual(size.height - 29)
    }
  })

  it('zooms about a point that stays where it is, and never out of the whole', () => {
    const focus = { x: 300, y: 200 }
    const near = zoomAt(view, focus, { factor: 2, min: view.scale })
    const before = { x: (focus.x - view.x) / view.scale, y: (focus.y - view.y) / view.scale }
    expect(toPx(near, before).x).toBeCloseTo(focus.x, 6)
    expect(zoomAt(view, focus, { factor: 0.1, min: view.scale }).scale).toBe(view.scale)
    expect(toPx(centreOn(before, size, 8), before)).toEqual({ x: 338, y: 260 })
  })

  it('shows more the nearer it is, with a round scale', () => {
    expect([2, 5, 12].map(detail)).toEqual(['overview', 'area', 'place'])
    expect(scaleBar(1.7, 90)).toEqual({ metres: 50, px: 85 })
    expect(scaleBar(200, 90).metres).toBe(1)
  })
})

describe('what stands outside the fence', () => {
  it('points away from the estate on every side', () => {
    const { x, y } = plan.boundary[0]![0]!
    for (const metres of [20, 100, 172, 270, 350]) {
      const { at, out } = fencePoint(plan, metres)!
      const tip = { x: at.x + out.x * 5 - x, y: y - (at.y + out.y * 5) }
      expect(tip.x < 0 || tip.x > 100 || tip.y < 0 || tip.y > 100).toBe(true)
    }
  })

  it('ticks each hundred metres and numbers zones in circles', () => {
    expect(chainageTicks(plan).map(({ metres }) => metres)).toEqual([100, 200, 300])
    expect([circled(0), circled(10), circled(30)]).toEqual(['①', '⑪', '31'])
  })
})

describe('alarm marks', () => {
  const input = (id: string, part: Partial<MarkInput> = {}): MarkInput => ({
    alarm: alarm({ id }),
    at: { x: 300, y: 200 },
    text: '437 m 断线',
    selected: false,
    ...part,
  })

  it('put a P1 on the fence outside it, large, with its label', () => {
    const [mark] = placeMarks([input('a', { out: { x: 0, y: -1 } })], [], size)
    expect(mark).toMatchObject({ size: 40, label: { text: '437 m 断线', large: true } })
    expect(mark!.shape.y).toBeLessThan(200 - 40)
  })

  it('keep off house numbers and off each other', () => {
    const house = { x: 310, y: 190, width: 40, height: 20 }
    const list = [input('a', { alarm: alarm({ id: 'a', priority: 2 }) }), input('b', { alarm: alarm({ id: 'b', priority: 2 }) })]
    const marks = placeMarks(list, [house], size)
    const boxes = marks.map(({ shape, size: side }) => ({ x: shape.x - side / 2, y: shape.y - side / 2, width: side, height: side }))
    expect(overlaps(boxes[0]!, house)).toBe(false)
    expect(overlaps(boxes[0]!, boxes[1]!)).toBe(false)
  })

  it('write no label for a low alarm until it is picked', () => {
    const low = alarm({ id: 'a', priority: 3 })
    expect(placeMarks([input('a', { alarm: low })], [], size)[0]!.label).toBeUndefined()
    expect(placeMarks([input('a', { alarm: low, selected: true })], [], size)[0]!.label).toBeDefined()
  })

  it('stay in the picture, their labels too', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200, max: 900 }), fc.integer({ min: -200, max: 700 }), (x, y) => {
        const [mark] = placeMarks([input('a', { at: { x, y } })], [], size)
        const { label: text, shape } = mark!
        return (
          shape.x >= 0 &&
          shape.x <= size.width &&
          shape.y >= 0 &&
          shape.y <= size.height &&
          text!.x >= 0 &&
          text!.x + text!.width <= size.width
        )
      }),
    )
  })
})
