/** What an alarm code means to people: by kind (`system` among them), then by code. The server tells the screens. */
import type { AlarmRule } from './rule.ts'
import type { Words } from './words.ts'

export interface AlarmCode {
  readonly name: Words
  /** What the guard does first. */
  readonly instruction: Words
  /** It stays until it is reset. */
  readonly latch: boolean
}

export type AlarmCodes = Readonly<Record<string, Readonly<Record<string, AlarmCode>>>>

export function alarmCodesOf(rules: readonly AlarmRule[]): AlarmCodes {
  const codes: Record<string, Record<string, AlarmCode>> = {}
  for (const { kind, code, name, instruction, latch } of rules) (codes[kind] ??= {})[code] = { name, instruction, latch }
  return codes
}
