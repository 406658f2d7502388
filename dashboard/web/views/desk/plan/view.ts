/** How metres of the plan become pixels of the screen: fitted to the box, zoomed about a point, moved. */
import type { XY } from '../../../../../domain/geometry.ts'
import type { PlanGeometry } from '../../../plan/plan-geometry.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

/** px = metres × scale + offset */
export interface View {
  readonly scale: number
  readonly x: number
  readonly y: number
}

export interface Margins {
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}

/** Room around the estate for road names, chainage and the P1 label outside the fence. */
export const MARGINS: Margins = { top: 66, right: 34, bottom: 30, left: 42 }
export const MAX_SCALE = 16

export function fitView({ min, max }: PlanGeometry['bounds'], size: Size, margins: Margins = MARGINS): View {
  const width = Math.max(1, size.width - margins.left - margins.right)
  const height = Math.max(1, size.height - margins.top - margins.bottom)
  const scale = Math.min(width / Math.max(1, max.x - min.x), height / Math.max(1, max.y - min.y))
  return {
    scale,
    x: margins.left + (width - (max.x - min.x) * scale) / 2 - min.x * scale,
    y: margins.top + (height - (max.y - min.y) * scale) / 2 - min.y * scale,
  }
}

export function toPx(view: View, { x, y }: XY): XY {
  return { x: x * view.scale + view.x, y: y * view.scale + view.y }
}

/** Zooms so that the point under the focus (px) stays where it is; never wider than the fitted view. */
export function zoomAt(view: View, focus: XY, { factor, min }: { readonly factor: number; readonly min: number }): View {
  const scale = Math.min(MAX_SCALE, Math.max(min, view.scale * factor))
  const ratio = scale / view.scale
  return { scale, x: focus.x - (focus.x - view.x) * ratio, y: focus.y - (focus.y - view.y) * ratio }
}

/** Brings a point of the plan into the middle of the box at a scale. */
export function centreOn(at: XY, size: Size, scale: number): View {
  return { scale, x: size.width / 2 - at.x * scale, y: size.height / 2 - at.y * scale }
}

/** Zoom steps of the look: overview 1–2.4 px/m, area ≥ 5, place ≥ 12. */
export function detail(scale: number): 'overview' | 'area' | 'place' {
  return scale >= 12 ? 'place' : scale >= 5 ? 'area' : 'overview'
}

/** A round length for the scale bar, at most `maxPx` long. */
export function scaleBar(scale: number, maxPx: number): { readonly metres: number; readonly px: number } {
  const metres = [100, 50, 20, 10, 5, 2, 1].find((length) => length * scale <= maxPx) ?? 1
  return { metres, px: metres * scale }
}
