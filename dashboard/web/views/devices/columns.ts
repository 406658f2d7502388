/** Which fields of a kind a list shows: its words first (they say what is wrong), then its figures. */
import type { FieldDefinition, KindDefinition } from '../../../../domain/device-kind.ts'

export interface Column {
  readonly name: string
  readonly field: FieldDefinition
}

/** What fits at 1440 px. */
export const MOST_COLUMNS = 6

export function columnsOf(kind: KindDefinition): readonly Column[] {
  const all = Object.entries(kind.fields).map(([name, field]) => ({ name, field }))
  const rank = ({ field }: Column) => (field.type === 'enum' ? 0 : field.type === 'boolean' ? 1 : 2)
  return all.sort((a, b) => rank(a) - rank(b))
}
