import { describe, expect, it } from 'vitest'
import type { KindDefinition } from '../../../../../domain/device-kind.ts'
import type { Decoded } from '../../../../../domain/reading.ts'
import { REJECTION_REASONS, type Rejection } from '../../../../../domain/rejection.ts'
import { outcomeWords, refusedWords } from '../../../../../dashboard/web/views/connect/outcome-words.ts'
import { REASON_WORDS } from '../../../../../dashboard/web/views/connect/reason-words.ts'

const lift = {
  fields: {
    speed_mps: { type: 'number', label: { zh: '速度', en: 'speed' }, unit: 'm/s', min: 0, max: 10 },
    floor: { type: 'number', label: { zh: '楼层', en: 'floor' }, unit: '', min: -9, max: 99, integer: true },
    passenger: {
      type: 'boolean',
      label: { zh: '里面', en: 'inside' },
      labels: { true: { zh: '有人', en: 'someone' }, false: { zh: '没人', en: 'nobody' } },
    },
    door: {
      type: 'enum',
      label: { zh: '门', en: 'door' },
      labels: { open: { zh: '开着', en: 'open' }, closed: { zh: '关着', en: 'closed' } },
    },
  },
} as unknown as KindDefinition
const findKind = (kind: string) => (kind === 'elevator' ? lift : undefined)
const topic = 'estates/wenxi-251/elevator/lift-3/telemetry'
const refused = (rejection: Rejection, payload: string) => refusedWords(rejection, { topic, payload }, findKind)
const observed = { estate: 'wenxi-251', kind: 'elevator', device: 'lift-3', observedAt: 1, receivedAt: 1 }

describe('a refused message', () => {
  it('names the field, its value and the range', () => {
    const words = refused({ reason: 'out-of-range', detail: 'x', field: 'speed_mps' }, '{"speed_mps":124}')
    expect(words).toEqual({ zh: 'speed_mps 124 超出范围 0–10 m/s', en: 'speed_mps 124 is out of range 0–10 m/s' })
  })

  it('names the element of an array', () => {
    const words = refused({ reason: 'out-of-range', detail: 'x', field: 'speed_mps', index: 1 }, '[{"speed_mps":1},{"speed_mps":99}]')
    expect(words.zh).toBe('第 2 条：speed_mps 99 超出范围 0–10 m/s')
  })

  it('names the words that a field knows', () => {
    expect(refused({ reason: 'unknown-value', detail: 'x', field: 'door' }, '{"door":"ajar"}').zh).toBe(
      'door "ajar" 没有这个词，可用 open | closed',
    )
  })

  it.each([
    ['floor', '"3"', 'floor "3" 类型不对，应为整数'],
    ['speed_mps', 'true', 'speed_mps true 类型不对，应为数字'],
    ['passenger', '1', 'passenger 1 类型不对，应为 true | false'],
  ])('says which type %s has', (field, value, zh) => {
    expect(refused({ reason: 'wrong-type', detail: 'x', field }, `{"${field}":${value}}`).zh).toBe(zh)
  })

  it('goes without the value where the payload cannot be read', () => {
    expect(refused({ reason: 'out-of-range', detail: 'x', field: 'speed_mps' }, 'no json').zh).toBe('speed_mps 超出范围 0–10 m/s')
  })

  it('adds the detail where no field is to blame', () => {
    expect(refused({ reason: 'unknown-device', detail: 'lift-99' }, '{}')).toEqual({
      zh: '小区文件里没有这个设备（lift-99）',
      en: "the estate's file does not have this device: lift-99",
    })
  })

  it('has words for every reason', () => {
    for (const reason of REJECTION_REASONS) expect(REASON_WORDS[reason].zh).not.toBe('')
  })
})

describe('an understood message', () => {
  it('says each value with its label and unit or word', () => {
    const outcome: Decoded = {
      ok: true,
      observation: { ...observed, type: 'reading', values: { speed_mps: 1.2, passenger: true, door: 'closed' }, stored: true },
      unknownFields: ['colour'],
    }
    const said = outcomeWords(outcome, { topic, payload: '' }, findKind)
    expect(said.ok).toBe(true)
    expect(said.words.zh).toBe('速度 1.2 m/s · 里面 有人 · 门 关着 · 不认识的字段没收：colour')
  })

  it('says what began or ended, and who is online', () => {
    const event: Decoded = {
      ok: true,
      observation: { ...observed, type: 'event', code: 'entrapment', active: true, values: {} },
      unknownFields: [],
    }
    expect(outcomeWords(event, { topic, payload: '' }, findKind).words.en).toBe('event entrapment began')
    const away: Decoded = { ok: true, observation: { ...observed, type: 'availability', online: false }, unknownFields: [] }
    expect(outcomeWords(away, { topic, payload: '' }, findKind).words.zh).toBe('离线')
  })
})
