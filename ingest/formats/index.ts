/** Every wire format we understand: adding one is one file beside this one and one line in this list; the first that accepts a topic reads it. */
import type { WireFormat } from './format.ts'
import { native } from './native.ts'

export const FORMATS: readonly WireFormat[] = [native]

export function findFormat(topic: string): WireFormat | undefined {
  return FORMATS.find((format) => format.accepts(topic))
}
