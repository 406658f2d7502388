/** Every default rule: those of the kinds and those of the system itself; the screen finds an alarm's words here. */
import type { AlarmRule } from '../domain/rule.ts'
import { KINDS } from './index.ts'
import { SYSTEM_RULES } from './system-rules.ts'

export const DEFAULT_RULES: readonly AlarmRule[] = [...KINDS.flatMap(({ rules }) => rules), ...SYSTEM_RULES]

const byCode = new Map(DEFAULT_RULES.map((rule) => [`${rule.kind}/${rule.code}`, rule]))

/** The default rule that raises this code for this kind. */
export function findRule(kind: string, code: string): AlarmRule | undefined {
  return byCode.get(`${kind}/${code}`)
}
