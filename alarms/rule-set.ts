/** The rules in force, compiled once and found by what they apply to, so that a reading meets only its own. */
import type { Estate, EstateDevice } from '../domain/estate.ts'
import type { AlarmRule, Condition, Priority } from '../domain/rule.ts'
import type { Words } from '../domain/words.ts'
import { compileCondition, fieldsOf, isTimed } from './condition.ts'
import { bitOf, fieldBits } from './field-bits.ts'
import type { Evaluate } from './verdict.ts'

export interface CompiledRule {
  readonly rule: AlarmRule
  readonly when: Evaluate
  readonly priorities: readonly { readonly priority: Priority; readonly when: Evaluate }[]
  readonly suppressions: readonly { readonly when: Evaluate; readonly by: Words }[]
  /** Fields for the alarm's detail. */
  readonly fields: readonly string[]
  readonly limits: Readonly<Record<string, number | Extract<Condition, { ofSite: string }>>>
  /** The bits of the fields whose change may change what the rule says. */
  readonly watches: number
  /** Silence may change what it says, also when nothing of it is under way. */
  readonly isTimed: boolean
}

export interface RuleSet {
  rulesFor(estate: string, kind: string, device: EstateDevice | undefined): readonly CompiledRule[]
}

export function compileRules(rules: readonly AlarmRule[]): RuleSet {
  const byPlace = new Map<string, CompiledRule[]>()
  for (const rule of rules) {
    if (!rule.enabled) continue
    const place = placeOf(rule.kind, rule.where.estate, rule.where.device)
    const list = byPlace.get(place)
    const compiled = compileRule(rule)
    if (list) list.push(compiled)
    else byPlace.set(place, [compiled])
  }
  return {
    rulesFor: (estate, kind, device) => {
      const places = [placeOf(kind), placeOf(kind, estate), placeOf(kind, undefined, device?.id), placeOf(kind, estate, device?.id)]
      const found = [...new Set(places)].flatMap((place) => byPlace.get(place) ?? [])
      return found.filter(({ rule: { where } }) => {
        if (where.tag !== undefined && !device?.tags?.includes(where.tag)) return false
        return where.use === undefined || device?.site['use'] === where.use
      })
    },
  }
}

function placeOf(kind: string, estate = '', device = ''): string {
  return `${kind}/${estate}/${device}`
}

function compileRule(rule: AlarmRule): CompiledRule {
  const slot = { next: 0 }
  const bits = fieldBits(rule.kind)
  const parts = [
    rule.when,
    ...(rule.priorityWhen ?? []).map((entry) => entry.when),
    ...(rule.suppressedWhen ?? []).map((entry) => entry.when),
  ]
  const when = compileCondition(rule.when, slot)
  const priorities = (rule.priorityWhen ?? []).map((entry) => ({ priority: entry.priority, when: compileCondition(entry.when, slot) }))
  const suppressions = (rule.suppressedWhen ?? []).map(({ by, when: entry }) => ({ by, when: compileCondition(entry, slot) }))
  return {
    rule,
    when,
    priorities,
    suppressions,
    fields: [...new Set([...fieldsOf(rule.when), ...(rule.show ?? [])])],
    limits: limitsOf(rule.when),
    watches: parts.flatMap(fieldsOf).reduce((mask, field) => mask | bitOf(bits, field), 0),
    isTimed: isTimed(rule.when),
  }
}

/** The limits a condition names, by field. */
function limitsOf(condition: Condition): CompiledRule['limits'] {
  if ('all' in condition) return Object.assign({}, ...condition.all.map(limitsOf)) as CompiledRule['limits']
  if ('any' in condition) return Object.assign({}, ...condition.any.map(limitsOf)) as CompiledRule['limits']
  if ('held' in condition) return limitsOf(condition.held)
  if ('says' in condition) return limitsOf(condition.says)
  if ('ofSite' in condition) return { [condition.field]: condition }
  if ('above' in condition) return { [condition.field]: condition.above }
  if ('below' in condition) return { [condition.field]: condition.below }
  return {}
}

const indexes = new WeakMap<Estate, ReadonlyMap<string, EstateDevice>>()

/** Finds a device of an estate without walking through all of them. */
export function deviceIn(estate: Estate | undefined, kind: string, device: string): EstateDevice | undefined {
  if (!estate) return undefined
  let index = indexes.get(estate)
  if (!index) indexes.set(estate, (index = new Map(estate.devices.map((entry) => [`${entry.kind}/${entry.id}`, entry]))))
  return index.get(`${kind}/${device}`)
}
