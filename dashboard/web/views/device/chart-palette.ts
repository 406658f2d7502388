/** The colours of a chart, taken from the tokens of the page, and the hatch that means "no data". */
export interface ChartPalette {
  readonly ink: string
  readonly ink2: string
  readonly ink3: string
  readonly line: string
  readonly edge: string
  readonly raised: string
  readonly band: string
  readonly p1: string
  readonly p2: string
  readonly p3: string
  /** A canvas does not inherit one. */
  readonly font: string
}

const TOKENS = {
  ink: '--ink',
  ink2: '--ink-2',
  ink3: '--ink-3',
  line: '--line',
  edge: '--edge',
  raised: '--raised',
  band: '--bay-full',
  p1: '--p1',
  p2: '--p2',
  p3: '--p3',
} as const satisfies Record<Exclude<keyof ChartPalette, 'font'>, string>

/** @param style of an element of the page: dark and light have other values. */
export function readPalette(style: Pick<CSSStyleDeclaration, 'getPropertyValue' | 'fontFamily'>): ChartPalette {
  const entries = Object.entries(TOKENS).map(([name, token]) => [name, style.getPropertyValue(token).trim()] as const)
  return { ...(Object.fromEntries(entries) as unknown as ChartPalette), font: style.fontFamily }
}

/** 45°, 1.6 px lines every 6 px, as on every other drawing; a picture of our own, so nothing is fetched. */
export function hatchPattern(color: string): { image: string; repeat: 'repeat' } {
  const side = 8.49 // 6 px measured across the lines
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 ${side} ${side}">` +
    `<path d="M-1,1 L1,-1 M0,${side} L${side},0 M${side - 1},${side + 1} L${side + 1},${side - 1}" stroke="${color}" stroke-width="1.6"/></svg>`
  return { image: `data:image/svg+xml,${encodeURIComponent(svg)}`, repeat: 'repeat' }
}
