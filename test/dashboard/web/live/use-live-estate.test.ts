import { effectScope, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useLiveEstate, type LiveEstate } from '../../../../dashboard/web/live/use-live-estate.ts'
import { alarm, states } from '../fixtures/small-estate.ts'
import { fakeSocket, type FakeSocket } from './fake-socket.ts'

let socket: FakeSocket
let scope: EffectScope
let live: LiveEstate
const device = (id: string, receivedAt: number) => ({ ...states().get(`camera/${id}`)!, receivedAt })
const heartbeat = (seq: number) => ({ now: Date.now(), seq, health: { tickAt: null, engineAt: null, behind: 0, storeLagMs: null } })
const snapshot = (seq: number) => ({ estate: 'small', seq, devices: [...states().values()], alarms: [alarm({ id: 'a' })] })

// The watchdog and the retry are timers, so time itself is what is tested here.
beforeEach(() => {
  vi.useFakeTimers()
  socket = fakeSocket()
  scope = effectScope()
  live = scope.run(() => useLiveEstate({ estate: 'small', connect: () => socket }))!
  socket.say('connect')
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

describe('an estate live', () => {
  it('asks for the estate on each connection and is live only with the snapshot', () => {
    expect(socket.sent).toEqual([{ event: 'watch', body: { estate: 'small' } }])
    expect(live.connection.value).toBe('connecting')
    socket.say('heartbeat', heartbeat(0))
    expect(live.connection.value).toBe('connecting')
    socket.say('snapshot', snapshot(4))
    expect(live.connection.value).toBe('live')
    expect(live.devices.value.size).toBe(9)
    expect([...live.alarms.value.keys()]).toEqual(['a'])
  })

  it('applies changes once a frame but an alarm at once', () => {
    socket.say('snapshot', snapshot(4))
    socket.say('alarm', alarm({ id: 'b' }))
    expect(live.alarms.value.has('b')).toBe(true)
    socket.say('changes', { estate: 'small', seq: 5, devices: [device('cam-01', 77)] })
    vi.advanceTimersByTime(20)
    expect(live.devices.value.get('camera/cam-01')?.receivedAt).toBe(77)
  })

  it('watches again on a gap and takes no change until the new snapshot', () => {
    socket.say('snapshot', snapshot(4))
    socket.say('changes', { estate: 'small', seq: 6, devices: [device('cam-01', 77)] })
    expect(socket.sent).toHaveLength(2)
    socket.say('changes', { estate: 'small', seq: 7, devices: [device('cam-01', 78)] })
    expect(live.devices.value.get('camera/cam-01')?.receivedAt).not.toBe(78)
    socket.say('snapshot', snapshot(9))
    socket.say('changes', { estate: 'small', seq: 10, devices: [device('cam-01', 79)] })
    expect(live.devices.value.get('camera/cam-01')?.receivedAt).toBe(79)
  })

  it.each(['a frame that lay in a buffer', 'the next look at the clock', 'the page being shown again'])(
    'says after a day of standing still that the line is lost, before anything else (%s), and heals with a new snapshot',
    (first) => {
      socket.say('snapshot', snapshot(4))
      vi.setSystemTime(Date.now() + 24 * 3_600_000) // no timer ran meanwhile
      if (first === 'a frame that lay in a buffer') socket.say('changes', { estate: 'small', seq: 5, devices: [device('cam-01', 77)] })
      else if (first === 'the page being shown again') document.dispatchEvent(new Event('visibilitychange'))
      else vi.advanceTimersByTime(250)
      expect(live.connection.value).toBe('lost')
      expect(socket.connects).toBe(1)
      socket.say('connect')
      expect(live.connection.value).toBe('lost')
      socket.say('snapshot', snapshot(1))
      expect(live.connection.value).toBe('live')
    },
  )

  it('finds a lost last change by the seq of the heartbeat', () => {
    socket.say('snapshot', snapshot(4))
    socket.say('heartbeat', heartbeat(4))
    expect(socket.sent).toHaveLength(1)
    socket.say('heartbeat', heartbeat(5))
    expect(socket.sent).toHaveLength(2)
  })

  it('is lost after 3 s without a frame, tries again, and heals only with a new snapshot', () => {
    socket.say('snapshot', snapshot(4))
    vi.advanceTimersByTime(2900)
    expect(live.connection.value).toBe('live')
    vi.advanceTimersByTime(600)
    expect(live.connection.value).toBe('lost')
    expect(socket.connects).toBe(1)
    expect(live.attempt.value).toBe(1)
    socket.say('connect_error', new Error('timeout'))
    expect(live.retryAt.value - Date.now()).toBe(2000)
    socket.say('reconnect_attempt', 2)
    expect(live.attempt.value).toBe(2)
    socket.say('connect')
    socket.say('heartbeat', heartbeat(8))
    expect(live.connection.value).toBe('lost')
    socket.say('snapshot', snapshot(8))
    expect(live.connection.value).toBe('live')
  })

  it('keeps the newer of two states of an alarm and moves closed ones aside', () => {
    socket.say('snapshot', snapshot(1))
    socket.say('alarm', alarm({ id: 'a', transition: 5, state: 'acknowledged' }))
    live.takeAlarm(alarm({ id: 'a', transition: 4 }))
    expect(live.alarms.value.get('a')?.state).toBe('acknowledged')
    socket.say('alarm', alarm({ id: 'a', transition: 6, state: 'closed' }))
    expect(live.alarms.value.size).toBe(0)
    expect(live.closed.value.map(({ id }) => id)).toEqual(['a'])
  })

  it('takes a fault of our own at once: it belongs to every desk', () => {
    socket.say('snapshot', snapshot(1))
    socket.say('alarm', alarm({ id: 's', estate: 'system', kind: 'system', code: 'store-down' }))
    expect([...live.alarms.value.keys()]).toEqual(['a', 's'])
  })

  it('takes nothing of another estate and says when it was refused', () => {
    socket.say('snapshot', { ...snapshot(1), estate: 'other' })
    socket.say('alarm', alarm({ id: 'z', estate: 'other' }))
    expect(live.loaded.value).toBe(false)
    expect(live.alarms.value.size).toBe(0)
    socket.say('refused', { estate: 'small', code: 'not-your-estate' })
    expect(live.refused.value).toBe('not-your-estate')
  })

  it('connects again when the server goes down, and not when it has ended the session', () => {
    socket.say('disconnect', 'io server disconnect')
    expect(socket.connects).toBe(1)
    socket.say('session-ended')
    expect(live.ended.value).toBe(true)
    socket.say('disconnect', 'io server disconnect')
    expect(socket.connects).toBe(1)
  })

  it('knows that nobody is signed in', () => {
    socket.say('connect_error', new Error('not-signed-in'))
    expect(live.ended.value).toBe(true)
  })
})
