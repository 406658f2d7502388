import { effectScope, shallowRef } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Alarm } from '../../../../domain/alarm.ts'
import { chooseSound } from '../../../../dashboard/web/live/choose-sound.ts'
import type { Connection } from '../../../../dashboard/web/live/live-socket.ts'
import { useAlarmSound } from '../../../../dashboard/web/live/use-alarm-sound.ts'
import { alarm } from '../fixtures/small-estate.ts'

const quiet = { connection: 'live', alarms: [], handedIn: new Set<string>(), silencedUntil: 0, now: 10 } as const

describe('what the desk sounds like', () => {
  it.each([
    ['nothing', {}, { hold: false, repeat: undefined, once: [] }],
    ['an unacknowledged P1: without end', { alarms: [alarm({ id: 'a' })] }, { hold: true, repeat: undefined, once: [] }],
    [
      'an unacknowledged P2: again and again',
      { alarms: [alarm({ id: 'a', priority: 2 as const })] },
      { hold: false, repeat: 'p2', once: [] },
    ],
    ['an unacknowledged P3: once', { alarms: [alarm({ id: 'a', priority: 3 as const })] }, { hold: false, repeat: undefined, once: ['a'] }],
    ['an acknowledged P1', { alarms: [alarm({ id: 'a', state: 'acknowledged' as const })] }, { hold: false, repeat: undefined, once: [] }],
    [
      'a P1 whose acknowledgement is handed in',
      { alarms: [alarm({ id: 'a' })], handedIn: new Set(['a']) },
      { hold: false, repeat: undefined, once: [] },
    ],
    [
      'a lost line, whatever stands',
      { alarms: [alarm({ id: 'a' })], connection: 'lost' as const },
      { hold: false, repeat: 'lost', once: [] },
    ],
    ['a silenced desk', { alarms: [alarm({ id: 'a' })], silencedUntil: 11 }, { hold: false, repeat: undefined, once: [] }],
  ])('is chosen for %s', (_, part, sound) => {
    expect(chooseSound({ ...quiet, ...part })).toEqual(sound)
  })
})

describe('the desk sounding', () => {
  let may = true
  const heard: string[] = []
  const alarms = shallowRef<ReadonlyMap<string, Alarm>>(new Map())
  const connection = shallowRef<Connection>('live')
  const handedIn = shallowRef<ReadonlySet<string>>(new Set())
  const set = (...list: Alarm[]) => void (alarms.value = new Map(list.map((one) => [one.id, one])))
  const scope = () => effectScope()
  let running = scope()
  const start = () => {
    running = scope()
    return running.run(() =>
      useAlarmSound({
        alarms,
        connection,
        handedIn,
        start: () => ({
          running: () => may,
          unlock: () => {
            may = true
            return Promise.resolve()
          },
          play: (tone) => void heard.push(tone),
          hold: (on) => {
            if (heard.at(-1) !== `hold ${String(on)}`) heard.push(`hold ${String(on)}`)
          },
          close: () => undefined,
        }),
      }),
    )!
  }

  beforeEach(() => {
    vi.useFakeTimers()
    may = true
    heard.length = 0
    set()
    connection.value = 'live'
    handedIn.value = new Set()
  })
  afterEach(() => {
    running.stop()
    vi.useRealTimers()
  })

  it('starts with the alarm itself, not with the next tick, and stops with the acknowledgement', () => {
    start()
    set(alarm({ id: 'a' }))
    expect(heard.at(-1)).toBe('hold true')
    set(alarm({ id: 'a', state: 'acknowledged' }))
    expect(heard.at(-1)).toBe('hold false')
  })

  it('repeats a P2 every 20 s and a P3 never', () => {
    start()
    set(alarm({ id: 'a', priority: 2 }), alarm({ id: 'b', priority: 3 }))
    vi.advanceTimersByTime(19_000)
    expect(heard.filter((tone) => tone === 'p2')).toHaveLength(1)
    vi.advanceTimersByTime(2000)
    expect(heard.filter((tone) => tone === 'p2')).toHaveLength(2)
    expect(heard.filter((tone) => tone === 'p3')).toHaveLength(1)
  })

  it('is silent for 60 s after F8, and a new P1 ends the silence', () => {
    const sound = start()
    set(alarm({ id: 'a' }))
    sound.silence()
    expect(heard.at(-1)).toBe('hold false')
    set(alarm({ id: 'a' }), alarm({ id: 'b' }))
    expect(sound.silencedUntil.value).toBe(0)
    expect(heard.at(-1)).toBe('hold true')
    sound.silence()
    vi.advanceTimersByTime(60_500)
    expect(heard.at(-1)).toBe('hold true')
  })

  it('says that the browser blocks it, and one click opens it', async () => {
    may = false
    const sound = start()
    set(alarm({ id: 'a' }))
    expect(sound.blocked.value).toBe(true)
    expect(heard).not.toContain('hold true')
    window.dispatchEvent(new Event('pointerup'))
    await vi.advanceTimersByTimeAsync(0)
    expect(sound.blocked.value).toBe(false)
    expect(heard.at(-1)).toBe('hold true')
  })

  it('has its own tone for a lost line, and after it sounds everything that is unacknowledged again', () => {
    start()
    set(alarm({ id: 'b', priority: 3 }))
    connection.value = 'lost'
    vi.advanceTimersByTime(500)
    expect(heard).toContain('lost')
    connection.value = 'live'
    expect(heard.filter((tone) => tone === 'p3')).toHaveLength(2)
  })
})
