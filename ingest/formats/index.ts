/** Every wire format we understand; the one that accepts a topic reads it. */
import type { WireFormat } from './format.ts'
import * as formats from './formats.ts'

export const FORMATS: readonly WireFormat[] = Object.values(formats)

export function findFormat(topic: string): WireFormat | undefined {
  return FORMATS.find((format) => format.accepts(topic))
}
