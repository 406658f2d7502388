/** What an alarm is called on the screen: `周界断线 第5防区 437 m`, `7号梯 非平层停梯`. */
import { SYSTEM_KIND, type Alarm } from '../../../domain/alarm.ts'
import type { AlarmCode } from '../../../domain/alarm-codes.ts'
import { findDevice, type Estate } from '../../../domain/estate.ts'
import type { Words } from '../../../domain/words.ts'
import { alarmCodes } from '../api/alarm-codes.ts'
import { nameOf, say } from '../i18n/language.ts'

const FENCE: Words = { zh: '周界', en: 'Fence ' }
const SYSTEM: Words = { zh: '系统', en: 'System' }

/** What the code of an alarm means; undefined for one that the server does not know. */
export function codeOf(alarm: Pick<Alarm, 'kind' | 'code'>): AlarmCode | undefined {
  return alarmCodes.value[alarm.kind]?.[alarm.code]
}

/** `断线`; a code that nobody knows is shown as it is. */
export function codeText(alarm: Pick<Alarm, 'kind' | 'code'>): string {
  const words = codeOf(alarm)?.name
  return words ? say(words) : alarm.code
}

/** The device's name in the estate's file, or its id; what is wrong with the system itself stands in the alarm's own name. */
export function deviceName(estate: Estate | undefined, alarm: Pick<Alarm, 'kind' | 'device'>): string {
  if (alarm.kind === SYSTEM_KIND) return say(SYSTEM)
  const device = estate && findDevice(estate, alarm.kind, alarm.device)
  return device ? nameOf(device) : alarm.device
}

/** Metres along the fence, where they are known. */
export function chainageOf(alarm: Pick<Alarm, 'detail'>): number | undefined {
  const metres = alarm.detail['chainage_m']
  return typeof metres === 'number' ? metres : undefined
}

/** One line that says what and where. */
export function alarmTitle(alarm: Alarm, estate: Estate | undefined): string {
  const metres = chainageOf(alarm)
  const where = [deviceName(estate, alarm), ...(metres === undefined ? [] : [`${Math.round(metres)} m`])].join(' ')
  const what = codeText(alarm)
  return alarm.kind === 'fence-zone' ? `${say(FENCE)}${lower(what)} ${where}` : `${where} ${lower(what)}`.trim()
}

/** `周界断线 437 m`, for the band, where the place stands behind it. */
export function alarmHeadline(alarm: Alarm, estate: Estate | undefined): string {
  const metres = chainageOf(alarm)
  if (alarm.kind !== 'fence-zone' || metres === undefined) return alarmTitle(alarm, estate)
  return `${say(FENCE)}${lower(codeText(alarm))} ${Math.round(metres)} m`
}

/** A word in the middle of a sentence: English names of alarms begin with a capital. */
export function lower(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}

/** A person's name by the id that alarms and duties bear. */
export function personName(estate: Estate | undefined, id: string | null): string | undefined {
  if (id === null) return undefined
  const person = estate?.people.find((one) => one.id === id)
  return person ? nameOf(person) : id
}
