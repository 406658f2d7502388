/** Which fields of a kind have a history that can be drawn: numbers and yes/no; words are in the alarms. */
import type { KindDefinition } from '../../../../domain/device-kind.ts'
import { say } from '../../i18n/language.ts'
import type { ChartField } from './history-option.ts'

export function chartFields(kind: KindDefinition): readonly ChartField[] {
  return Object.entries(kind.fields).flatMap(([name, field]): ChartField[] => {
    if (field.type === 'number') return [{ name, label: say(field.label), unit: field.unit }]
    if (field.type === 'boolean')
      return [{ name, label: say(field.label), unit: '', words: { no: say(field.labels.false), yes: say(field.labels.true) } }]
    return []
  })
}
