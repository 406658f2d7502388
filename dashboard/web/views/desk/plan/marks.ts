/** Where the alarms stand on the plan: shape, leader to the thing itself, label on a plate; never on a house number, never on each other. */
import type { Alarm } from '../../../../../domain/alarm.ts'
import type { XY } from '../../../../../domain/geometry.ts'
import { overlaps, textWidth, type Box } from './labels.ts'
import type { Size } from './view.ts'

export interface MarkInput {
  readonly alarm: Alarm
  /** The thing itself, px. */
  readonly at: XY
  /** Away from the estate, for what is on the fence. */
  readonly out?: XY | undefined
  readonly text: string
  readonly selected: boolean
}

export interface Mark {
  readonly alarm: Alarm
  readonly at: XY
  /** Middle of the shape, px. */
  readonly shape: XY
  readonly size: number
  /** undefined: a low alarm that nobody picked shows its shape alone. */
  readonly label: (Box & { readonly text: string; readonly large: boolean }) | undefined
}

const SIZE = { large: 40, normal: 22, small: 18 } as const
const TEXT = { large: 18, normal: 13 } as const
/** Where a shape may stand beside its device: in the gap to the right first, then around it. */
const OFFSETS: readonly XY[] = [
  { x: 24, y: 0 },
  { x: 26, y: -10 },
  { x: 26, y: 10 },
  { x: 44, y: -8 },
  { x: 60, y: -8 },
  { x: 44, y: 8 },
  { x: -24, y: 0 },
  { x: 0, y: -22 },
  { x: 0, y: 22 },
  { x: 34, y: -20 },
  { x: 34, y: 20 },
  { x: -34, y: -18 },
  { x: -34, y: 18 },
]

/** @param taken boxes that stay free: house numbers, gate names */
export function placeMarks(inputs: readonly MarkInput[], taken: readonly Box[], box: Size): Mark[] {
  const used: Box[] = [...taken]
  return inputs.map((input) => {
    const mark = input.out ? onFence(input, used, box) : beside(input, used, box)
    used.push(shapeBox(mark), ...(mark.label ? [mark.label] : []))
    return mark
  })
}

function onFence(input: MarkInput, used: readonly Box[], box: Size): Mark {
  const { alarm, at, out = { x: 0, y: -1 } } = input
  const large = alarm.priority === 1
  const size = large ? SIZE.large : alarm.priority === 2 ? SIZE.normal : SIZE.small
  const away = large ? 46 : 13
  for (let further = 0; further <= 120; further += 12) {
    const mark = finish(input, { x: at.x + out.x * (away + further) - (large ? 6 : 0), y: at.y + out.y * (away + further) }, { size, box })
    if (isFree(mark, used) || further === 120) return mark
  }
  return finish(input, at, { size, box })
}

function beside(input: MarkInput, used: readonly Box[], box: Size): Mark {
  const size = input.alarm.priority === 1 ? SIZE.large : input.alarm.priority === 2 ? SIZE.normal : SIZE.small
  const reach = size / SIZE.normal
  const tries = OFFSETS.map((offset) =>
    finish(input, { x: input.at.x + offset.x * reach, y: input.at.y + offset.y * reach }, { size, box }),
  )
  return tries.find((mark) => isFree(mark, used)) ?? tries[0]!
}

function finish(input: MarkInput, wanted: XY, options: { readonly size: number; readonly box: Size }): Mark {
  const { alarm, at, selected, text } = input
  const { size, box } = options
  const large = size === SIZE.large
  const half = size / 2 + 3
  const shown = selected || alarm.priority <= 2
  const width = shown ? textWidth(text, large ? TEXT.large : TEXT.normal) + 12 : 0
  // What lies outside the picture is drawn at its edge.
  const shape = {
    x: Math.min(box.width - half, Math.max(half, wanted.x)),
    y: Math.min(box.height - half, Math.max(half, wanted.y)),
  }
  if (!shown) return { alarm, at, shape, size, label: undefined }
  const height = large ? 28 : 20
  const right = shape.x + size / 2 + 4
  const x = right + width > box.width - 2 ? shape.x - size / 2 - 4 - width : right
  return { alarm, at, shape, size, label: { text, large, x, y: shape.y - height / 2, width, height } }
}

function isFree(mark: Mark, used: readonly Box[]): boolean {
  const own = [shapeBox(mark), ...(mark.label ? [mark.label] : [])]
  return !used.some((box) => own.some((part) => overlaps(part, box)))
}

function shapeBox({ shape, size }: Pick<Mark, 'shape' | 'size'>): Box {
  return { x: shape.x - size / 2, y: shape.y - size / 2, width: size, height: size }
}
