/** The rules that raise the alarms of this kind. */
import type { AlarmRule } from '../../domain/rule.ts'

export const gatewayRules: readonly AlarmRule[] = []
