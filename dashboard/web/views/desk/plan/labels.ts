/** Which labels fit: boxes are set in order of importance, and one that would lie on another is dropped. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Label extends Box {
  readonly id: string
  readonly text: string
  /** What is dropped first on a collision stands last in this list; an alarm's label is never dropped. */
  readonly rank: LabelRank
}

export const LABEL_RANKS = ['alarm', 'gate', 'block', 'camera', 'zone', 'chainage'] as const
export type LabelRank = (typeof LABEL_RANKS)[number]

export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/** @returns the labels that stay, alarms first; equal ranks keep their order */
export function placeLabels(labels: readonly Label[], taken: readonly Box[] = []): Label[] {
  const kept: Label[] = []
  const ordered = [...labels].sort((a, b) => LABEL_RANKS.indexOf(a.rank) - LABEL_RANKS.indexOf(b.rank))
  for (const label of ordered) if (label.rank === 'alarm' || ![...kept, ...taken].some((box) => overlaps(box, label))) kept.push(label)
  return kept
}

/** Width of text in px at a size: a Chinese sign is as wide as high, a digit or Latin letter about 0.56 of it. */
export function textWidth(text: string, sizePx: number): number {
  let width = 0
  for (const sign of text) width += sign.codePointAt(0)! > 0x2e7f ? sizePx : sizePx * 0.56
  return width
}

/** A label centred on a point. */
export function centredLabel(
  id: string,
  text: string,
  options: { readonly x: number; readonly y: number; readonly size: number; readonly rank: LabelRank },
): Label {
  const width = textWidth(text, options.size)
  return { id, text, rank: options.rank, x: options.x - width / 2, y: options.y - options.size * 0.7, width, height: options.size * 1.4 }
}
