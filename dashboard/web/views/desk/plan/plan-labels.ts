/** All the words on the plan, in px, before any is dropped: houses, gates, cameras that matter, zones, metres. */
import { language, nameOf } from '../../../i18n/language.ts'
import { shortCamera } from '../../../plan/place-words.ts'
import type { PlanGeometry } from '../../../plan/plan-geometry.ts'
import { centredLabel, overlaps, textWidth, type Box, type Label } from './labels.ts'
import { chainageTicks, circled, fencePoint } from './outside.ts'
import { detail, toPx, type Size, type View } from './view.ts'

const TEXT_PX = 12
/** Under this scale a house bears its number alone. */
const NUMBER_ALONE_BELOW = 1.2

export interface LabelOptions {
  readonly view: View
  readonly seeing: ReadonlySet<string>
  /** Phones write 11 px on the houses. */
  readonly blockPx?: number
}

export function planLabels(plan: PlanGeometry, { view, seeing, blockPx = TEXT_PX }: LabelOptions): Label[] {
  const near = detail(view.scale) !== 'overview'
  return [
    ...plan.gates.map((gate) => {
      const { x, y } = toPx(view, gate.centre)
      const point = fencePoint(plan, gate.chainageM)
      const out = point?.out ?? { x: 0, y: 1 }
      const text = gate.chainageM === 0 ? `${nameOf(gate)} 0 m` : nameOf(gate)
      return centredLabel(`gate-${gate.id}`, text, {
        x: x + out.x * (10 + textWidth(text, TEXT_PX) / 2),
        y: y + out.y * 16,
        size: TEXT_PX,
        rank: 'gate',
      })
    }),
    ...plan.blocks.map((block) => {
      const { x, y } = toPx(view, block.centre)
      const number = /\d+/.exec(block.name)?.[0] ?? block.name
      const text = language.value === 'en' || view.scale < NUMBER_ALONE_BELOW ? number : block.name
      return centredLabel(`block-${block.id}`, text, { x, y, size: blockPx, rank: 'block' })
    }),
    ...plan.areas.flatMap(({ kind, name, nameEn, rings }, i) => {
      const ring = rings[0]
      if (kind !== 'committee-house' || !ring || name === '') return []
      const centre = toPx(view, { x: (ring[0]!.x + ring[2]!.x) / 2, y: (ring[0]!.y + ring[2]!.y) / 2 })
      const text = language.value === 'en' ? (nameEn.split(/['’ ]/)[0] ?? nameEn) : name
      return [centredLabel(`area-${i}`, text, { ...centre, size: TEXT_PX, rank: 'block' })]
    }),
    ...plan.cameras
      .filter(({ id }) => near || seeing.has(id))
      .map((camera) => {
        const { x, y } = toPx(view, camera.at)
        const angle = ((camera.facingDeg + 180) * Math.PI) / 180 // behind the lens
        return centredLabel(`camera-${camera.id}`, shortCamera(camera.name), {
          x: x + Math.sin(angle) * 17,
          y: y - Math.cos(angle) * 13 + (Math.abs(Math.cos(angle)) < 0.4 ? 12 : 0),
          size: TEXT_PX,
          rank: seeing.has(camera.id) ? 'gate' : 'camera',
        })
      }),
    ...plan.zones.flatMap(({ id, fromM, toM }, i) => {
      const point = fencePoint(plan, (fromM + toM) / 2)
      if (!point) return []
      const { x, y } = toPx(view, point.at)
      return [centredLabel(`zone-${id}`, circled(i), { x: x + point.out.x * 15, y: y + point.out.y * 15, size: 13, rank: 'zone' })]
    }),
    ...chainageTicks(plan).map(({ metres, at, out }) => {
      const { x, y } = toPx(view, at)
      return centredLabel(`m-${metres}`, String(metres), { x: x + out.x * 22, y: y + out.y * 17, size: TEXT_PX, rank: 'chainage' })
    }),
    ...(near
      ? plan.bays.map(({ id, centre }) =>
          centredLabel(`bay-${id}`, id.replace(/^\D+/, ''), { ...toPx(view, centre), size: TEXT_PX, rank: 'chainage' }),
        )
      : []),
  ]
}

const ALONG = { stacked: [0.42, 0.6, 0.25, 0.75], level: [0.65, 0.3, 0.8, 0.15] } as const

export interface RoadLabel extends Box {
  readonly text: string
  readonly stacked: boolean
}

/** Road names: along the road where they lie on no other label, upright signs stacked where it runs up and down. */
export function roadLabels(plan: PlanGeometry, view: View, options: { readonly size: Size; readonly taken: readonly Box[] }): RoadLabel[] {
  const { size, taken } = options
  return plan.roads.flatMap(({ name, nameEn, ring }) => {
    if (name === '') return []
    const points = ring.map((point) => toPx(view, point))
    const xs = points.map(({ x }) => x)
    const ys = points.map(({ y }) => y)
    const [left, right] = [Math.max(0, Math.min(...xs)), Math.min(size.width, Math.max(...xs))]
    const [top, bottom] = [Math.max(0, Math.min(...ys)), Math.min(size.height, Math.max(...ys))]
    if (right - left < 8 || bottom - top < 8) return []
    const stacked = bottom - top > right - left
    const text = language.value === 'en' && !stacked ? nameEn : name
    const [width, height] = stacked ? [14, text.length * 17] : [textWidth(text, 13) + text.length * 3, 18]
    const boxes = ALONG[stacked ? 'stacked' : 'level'].map((share) => ({
      x: stacked ? Math.max(2, (left + right) / 2 - 13) : left + (right - left) * share - width / 2,
      y: stacked ? top + (bottom - top) * share : Math.min((top + bottom) / 2, size.height - 12) - height / 2,
      width,
      height,
    }))
    const free = boxes.find((box) => !taken.some((other) => overlaps(box, other)))
    return free ? [{ text, stacked, ...free }] : []
  })
}
