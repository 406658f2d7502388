/** What alarms are called and what to do first, as the server says that judges them; asked for with the estate's file. */
import { shallowRef } from 'vue'
import type { AlarmCodes } from '../../../domain/alarm-codes.ts'
import { call } from './client.ts'

export const alarmCodes = shallowRef<AlarmCodes>({})

export async function loadAlarmCodes(): Promise<void> {
  alarmCodes.value = await call<AlarmCodes>('/alarm-codes')
}
