/** Which rows of a long list are drawn: those in the window and a few on either side, at a fixed height. */
export interface RowWindow {
  readonly first: number
  /** One past the last. */
  readonly end: number
}

const OVERSCAN = 8

export function windowRows(view: {
  readonly rows: number
  readonly rowPx: number
  readonly scrolledPx: number
  readonly heightPx: number
}): RowWindow {
  const { rows, rowPx, scrolledPx, heightPx } = view
  const first = Math.max(0, Math.floor(scrolledPx / rowPx) - OVERSCAN)
  const end = Math.min(rows, Math.ceil((scrolledPx + heightPx) / rowPx) + OVERSCAN)
  return { first: Math.min(first, end), end }
}
