/** An estate as the text of its file: one line for each feature, block, device, person and duty, so that a difference reads well. */
import { Document, isMap, isSeq, type Node } from 'yaml'
import type { Estate } from '../domain/estate.ts'

export function writeEstate(estate: Estate): string {
  const document = new Document(estate, { aliasDuplicateObjects: false })
  const { contents } = document
  if (!isMap(contents)) throw new TypeError('an estate is a set of keys and values')
  for (const { key, value } of contents.items as { key: { value: string }; value: Node }[]) {
    if (isSeq(value)) flowItems(value)
    if (isMap(value)) for (const inner of value.items) if (isSeq(inner.value)) flowItems(inner.value)
    if (key.value === 'fence' && isMap(value)) for (const inner of value.items) if (isMap(inner.value)) inner.value.flow = true
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

function flowItems(items: { readonly items: readonly unknown[] }): void {
  for (const item of items.items) if (isMap(item) || isSeq(item)) item.flow = true
}
