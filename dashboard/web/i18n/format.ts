/** Times, ages and numbers as the screen writes them: Asia/Shanghai, digits and unit with a space. */
import type { FieldDefinition, FieldValue } from '../../../domain/device-kind.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type EpochMs } from '../../../domain/clock.ts'
import { language, say } from './language.ts'

const ZONE = 'Asia/Shanghai'
const clock = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
const day = {
  zh: new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, month: 'long', day: 'numeric', weekday: 'short' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, weekday: 'short', day: 'numeric', month: 'short' }),
}
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
const UNITS = { zh: { s: ' s', min: ' 分', h: ' 时', d: ' 天' }, en: { s: ' s', min: ' min', h: ' h', d: ' d' } }

/** `02:41:19` */
export function clockTime(at: EpochMs): string {
  return clock.format(at)
}

/** `02:41` */
export function clockMinute(at: EpochMs): string {
  return clock.format(at).slice(0, 5)
}

/** `11月25日 周三`, `Wed 25 Nov` */
export function date(at: EpochMs): string {
  return language.value === 'zh' ? day.zh.format(at).replace(/(周)/, ' $1').replace(/\s+/, ' ') : day.en.format(at).replace(',', '')
}

/** How old a reading is: `12 s`, `4 分`, `3 时`, `2 天`; whole units, seconds under a minute. */
export function age(ms: number): string {
  const units = UNITS[language.value]
  const left = Math.max(0, ms)
  if (left < MINUTE_MS) return `${Math.floor(left / SECOND_MS)}${units.s}`
  if (left < HOUR_MS) return `${Math.floor(left / MINUTE_MS)}${units.min}`
  if (left < 2 * DAY_MS) return `${Math.floor(left / HOUR_MS)}${units.h}`
  return `${Math.floor(left / DAY_MS)}${units.d}`
}

/** How long an alarm has stood: `0:42` under ten minutes, then as an age. */
export function standing(ms: number): string {
  if (ms >= 10 * MINUTE_MS) return age(ms)
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** `42 秒`, `1 分 5 秒`, `1 时 49 分` for a sentence. */
export function duration(ms: number): string {
  const zh = language.value === 'zh'
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS))
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${seconds} ${zh ? '秒' : 's'}`
  if (minutes < 60)
    return seconds % 60 === 0 || minutes >= 10
      ? `${minutes} ${zh ? '分' : 'min'}`
      : `${minutes} ${zh ? '分' : 'min'} ${seconds % 60} ${zh ? '秒' : 's'}`
  const hours = Math.floor(minutes / 60)
  return `${hours} ${zh ? '时' : 'h'}${minutes % 60 === 0 ? '' : ` ${minutes % 60} ${zh ? '分' : 'min'}`}`
}

/** `1,100` */
export function number(value: number): string {
  return grouped.format(value)
}

/** A value with its unit, or its word: `5.2 kV`, `断线`. */
export function fieldText(value: FieldValue, field: FieldDefinition | undefined): string {
  if (!field) return String(value)
  if (field.type === 'number')
    return typeof value === 'number' ? `${number(value)}${field.unit === '' ? '' : ` ${field.unit}`}` : String(value)
  const words = (field.labels as Readonly<Record<string, { zh: string; en: string }>>)[String(value)]
  return words ? say(words) : String(value)
}
