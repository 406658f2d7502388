/** Every test of the screens knows the alarms, as if the server had said what they are called. */
import { alarmCodesOf } from '../../../domain/alarm-codes.ts'
import { DEFAULT_RULES } from '../../../devices/default-rules.ts'
import { alarmCodes } from '../../../dashboard/web/api/alarm-codes.ts'

alarmCodes.value = alarmCodesOf(DEFAULT_RULES)
