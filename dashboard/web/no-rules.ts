/** Stands for the rules of every kind in what is built for the browser: the server judges, and says what alarms are called (`api/alarm-codes.ts`). */
import type { AlarmRule } from '../../domain/rule.ts'

export const rules: readonly AlarmRule[] = []
