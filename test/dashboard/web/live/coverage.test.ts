import { afterEach, describe, expect, it } from 'vitest'
import { language } from '../../../../dashboard/web/i18n/language.ts'
import { coverage, isTrusted } from '../../../../dashboard/web/live/coverage.ts'
import { calmTitle } from '../../../../dashboard/web/live/coverage-words.ts'
import { estate, NOW, states } from '../fixtures/small-estate.ts'

const of = (change: Parameters<typeof states>[0] = {}) => coverage(estate, states(change), NOW)
const kind = (name: string, change: Parameters<typeof states>[0] = {}) => of(change).kinds.find((one) => one.kind === name)
afterEach(() => void (language.value = 'zh'))

describe('coverage', () => {
  it('counts metres of fence, and cameras, bays and lifts by number', () => {
    expect(of().kinds.map(({ kind: name, have, of: all }) => [name, have, all])).toEqual([
      ['camera', 2, 2],
      ['fence-zone', 390, 390],
      ['parking-bay', 2, 2],
      ['elevator', 1, 1],
    ])
  })

  it.each([
    ['a lost picture', { 'camera/cam-01': { reading: { video: 'lost', recording: true } } }, 'camera', 1],
    ['a camera that does not record', { 'camera/cam-01': { reading: { video: 'ok', recording: false } } }, 'camera', 1],
    ['a silent camera', { 'camera/cam-01': { status: 'stale' as const } }, 'camera', 1],
    ['a camera never heard', { 'camera/cam-01': { status: 'unknown' as const, reading: null } }, 'camera', 1],
    ['a cut zone', { 'fence-zone/zone-2': { reading: { armed: true, state: 'cut' } } }, 'fence-zone', 290],
    ['a disarmed zone', { 'fence-zone/zone-2': { reading: { armed: false, state: 'normal' } } }, 'fence-zone', 290],
    ['a bay whose gateway went', { 'parking-bay/bay-1': { status: 'unknown' as const } }, 'parking-bay', 1],
  ])('does not trust %s', (_, change, name, have) => {
    expect(kind(name, change)?.have).toBe(have)
    expect(of(change).complete).toBe(false)
  })

  it('trusts a zone that was touched or is low: it still detects', () => {
    for (const state of ['touch', 'low-voltage'])
      expect(kind('fence-zone', { 'fence-zone/zone-2': { reading: { armed: true, state } } })?.have).toBe(390)
  })

  it('takes the oldest reading from what reports often, so that an old bay is not an old reading', () => {
    const { oldest } = of({ 'parking-bay/bay-1': { receivedAt: NOW - 3_600_000 }, 'camera/cam-02': { receivedAt: NOW - 9000 } })
    expect(oldest).toEqual({ ageMs: 9000, kind: 'camera', device: 'cam-02' })
  })

  it('leaves out kinds that the estate has not', () => {
    const none = coverage({ ...estate, devices: [] }, new Map(), NOW)
    expect(none).toEqual({ kinds: [], complete: true, oldest: null })
  })

  it('never trusts a device without a reading', () => {
    const [state] = states({ 'gateway/gw-1': { reading: null } }).values()
    expect(isTrusted({ ...state!, reading: null })).toBe(false)
  })
})

describe('what may be said of a calm', () => {
  it('is the bare calm only when everything is seen', () => {
    expect(calmTitle(of(), 0)).toBe('没有告警')
    expect(calmTitle(of({ 'camera/cam-01': { status: 'offline' }, 'fence-zone/zone-1': { status: 'stale' } }), 0)).toBe(
      '没有告警，但有 1 路看不见、 100 m 围界没在看',
    )
  })

  it('tells apart that nothing is unacknowledged from that nothing is wrong', () => {
    expect(calmTitle(of(), 3)).toBe('没有未确认的告警，3 条在处理')
    language.value = 'en'
    expect(calmTitle(of(), 3)).toBe('Nothing unacknowledged, 3 in hand')
  })
})
