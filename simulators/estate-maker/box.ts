/** Upright rectangles on a drawn ground: what is in the way of what, and where a band across the ground lies inside it. */
import type { XY } from '../../domain/geometry.ts'

export interface Box {
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
}

export interface Span {
  readonly from: number
  readonly to: number
}

export function boxOf(ring: readonly XY[]): Box {
  const xs = ring.map(({ x }) => x)
  const ys = ring.map(({ y }) => y)
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) }
}

/** Anticlockwise from the south-west. */
export function ringOfBox({ x0, y0, x1, y1 }: Box): XY[] {
  return [
    { x: x0, y: y0 },
    { x: x1, y: y0 },
    { x: x1, y: y1 },
    { x: x0, y: y1 },
  ]
}

/** Closer to each other than a margin. */
export function overlaps(a: Box, b: Box, marginM = 0): boolean {
  return a.x0 < b.x1 + marginM && b.x0 < a.x1 + marginM && a.y0 < b.y1 + marginM && b.y0 < a.y1 + marginM
}

/** The widest stretch of x that lies inside the outline for every y of a band, a margin kept from the outline; undefined where there is none. */
export function widestSpan(outline: readonly XY[], band: Span, marginM: number): Span | undefined {
  const levels = Array.from({ length: Math.ceil((band.to - band.from) / 2) + 1 }, (_, i) => Math.min(band.to, band.from + i * 2))
  const spans = levels.map((y) => spansAt(outline, y)).reduce((all, here) => all.flatMap((a) => here.flatMap((b) => meet(a, b))))
  const inset = spans.map(({ from, to }) => ({ from: from + marginM, to: to - marginM })).filter(({ from, to }) => to > from)
  return inset.sort((a, b) => b.to - b.from - (a.to - a.from))[0]
}

function meet(a: Span, b: Span): Span[] {
  const from = Math.max(a.from, b.from)
  const to = Math.min(a.to, b.to)
  return to > from ? [{ from, to }] : []
}

function spansAt(outline: readonly XY[], y: number): Span[] {
  const crossings = outline
    .flatMap((a, i) => {
      const b = outline[(i + 1) % outline.length]!
      return a.y > y === b.y > y ? [] : [a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y)]
    })
    .sort((a, b) => a - b)
  return Array.from({ length: Math.floor(crossings.length / 2) }, (_, i) => ({ from: crossings[2 * i]!, to: crossings[2 * i + 1]! }))
}

/** x and y exchanged: a band of x becomes a band of y. */
export function swapped(outline: readonly XY[]): XY[] {
  return outline.map(({ x, y }) => ({ x: y, y: x }))
}
