/** The default rules, of which one fails whenever a camera is hot. */
import { compileRules, type RuleSet } from '../../alarms/rule-set.ts'
import { DEFAULT_RULES } from '../../devices/default-rules.ts'

export function failingRules(): RuleSet {
  const rules = compileRules(DEFAULT_RULES)
  return {
    rulesFor: (estate, kind, device) =>
      rules.rulesFor(estate, kind, device).map((compiled) =>
        compiled.rule.id === 'camera.blurred'
          ? {
              ...compiled,
              watches: -1,
              when: (view) => {
                if (Number(view.fields['temperature_celsius']?.[0]) > 50) throw new RangeError('no such picture')
                return false
              },
            }
          : compiled,
      ),
  }
}
