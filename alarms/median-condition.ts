/** A condition on what is usual for this one device: its own running median decides what is far above it. */
import type { FieldValue } from '../domain/device-kind.ts'
import type { Condition } from '../domain/rule.ts'
import type { Evaluate } from './verdict.ts'

/** Odd, so that the median is one of them. */
const KEPT = 49
/** Before so many nobody can say what is usual. */
const LEAST = 9
/** Of values far above the median one in so many counts into it: what was set anew on purpose is usual some days later. */
const ONE_IN = 16

interface Memory {
  /** Where the counter stood, or since when the value was so, at the newest one counted. */
  mark: FieldValue
  usual: number[]
  inRow: number
  above: number
}

export function aboveMedian(
  { field, aboveMedian: times, inRow, per }: Extract<Condition, { aboveMedian: number }>,
  slot: number,
): Evaluate {
  return (view, slots) => {
    const state = view.fields[field]
    if (!state || typeof state[0] !== 'number') return undefined
    const mark = (per === undefined ? undefined : view.fields[per]?.[0]) ?? state[2]
    const memory = (slots[slot] as Memory | null | undefined) ?? { mark: '', usual: [], inRow: 0, above: 0 }
    if (mark !== memory.mark) slots[slot] = count({ ...memory, mark }, { value: state[0], times })
    return (slots[slot] as Memory).inRow >= inRow
  }
}

function count({ mark, usual, inRow, above }: Memory, { value, times }: { readonly value: number; readonly times: number }): Memory {
  const isAbove = usual.length >= LEAST && value > times * medianOf(usual)
  const counts = !isAbove || above % ONE_IN === ONE_IN - 1
  return {
    mark,
    usual: counts ? [...usual, value].slice(-KEPT) : usual,
    inRow: isAbove ? inRow + 1 : 0,
    above: isAbove ? above + 1 : above,
  }
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
