/** How many alarms came in each quarter of an hour. */
export const BAR_MS = 15 * 60_000

/** @returns counts from the oldest quarter to the one that runs now */
export function countBars(raised: readonly number[], options: { readonly now: number; readonly bars: number }): number[] {
  const end = Math.floor(options.now / BAR_MS) + 1
  const counts = Array.from({ length: options.bars }, () => 0)
  for (const at of raised) {
    const i = Math.floor(at / BAR_MS) - (end - options.bars)
    if (i >= 0 && i < options.bars) counts[i]! += 1
  }
  return counts
}
