/** Takes one reading, event or availability into what is known of its device and judges the device's rules. */
import type { Availability, DeviceEvent, Observation, Reading } from '../domain/reading.ts'
import { NO_ALARM } from '../ingest/decode/event-code.ts'
import { deviceNow, joinGateway, type Device } from './engine-state.ts'
import { intervalOf } from './interval.ts'
import { judge, judgeChanged, judgeTimed } from './judge.ts'
import { judgeLate } from './late.ts'
import type { Work } from './work.ts'
import { applyEvent, applyReading, endScheme, isLateEvent, isLateReading } from './view.ts'

/** `via` is the gateway it came through, null for a connection of the device's own. */
export function observe(
  work: Work,
  device: Device,
  { observation, via }: { readonly observation: Observation; readonly via: string | null },
): void {
  const { state } = device
  const { engine } = work
  if (state.via !== via) joinGateway(engine, device, via)
  state.heardMs = engine.clock.countedMs
  engine.dirty.add(device)
  if (observation.type === 'availability') {
    observeAvailability(work, device, observation)
    return
  }
  const isAhead = observation.clockAheadMs !== undefined
  const clockChanged = isAhead || (state.flags['clock-ahead'] ?? false)
  if (clockChanged) state.flags['clock-ahead'] = isAhead
  if (observation.clockAheadMs !== undefined) state.flagDetail['clock-fault'] = { ahead_ms: observation.clockAheadMs }
  if (observation.type === 'reading') observeReading(work, device, observation, { clockChanged })
  else observeEvent(work, device, observation)
}

function observeAvailability(work: Work, device: Device, { online, receivedAt }: Availability): void {
  device.state.availability = [online, receivedAt]
  judge(work, device, { at: deviceNow(work.engine, device, receivedAt) })
}

function observeReading(work: Work, device: Device, reading: Reading, { clockChanged }: { readonly clockChanged: boolean }): void {
  const { state } = device
  const at = reading.observedAt
  if (isLateReading(state.live, reading)) {
    judgeLate(work, device, reading)
    judge(work, device, { at: deviceNow(work.engine, device, at) }) // it was heard
    return
  }
  const wasOffline = cameOnline(device, reading.receivedAt)
  const afterGap = state.live.telemetryAt > 0 && at - state.live.telemetryAt > 2 * intervalOf(device)
  passTime(work, device, at)
  const isNewest = at >= state.live.newestAt
  const changed = applyReading(state.live, reading, device.bits)
  if (changed !== 0) device.interval = undefined
  if (isNewest) state.newestMs = work.engine.clock.countedMs
  const when = { at: state.live.newestAt, afterGap, observedAt: at }
  if (wasOffline || clockChanged) judge(work, device, when)
  else judgeChanged(work, device, when, changed)
  if (!isNewest) judgeLate(work, device, reading)
}

function observeEvent(work: Work, device: Device, event: DeviceEvent): void {
  const { state } = device
  const at = event.observedAt
  if (event.code === NO_ALARM) {
    if (event.scheme !== undefined && Number(event.wireCode) === 0 && event.active) endScheme(state.live, event.scheme, at)
    judge(work, device, { at: deviceNow(work.engine, device, at) })
    return
  }
  if (isLateEvent(state.live, event)) {
    if (event.active) judgeLate(work, device, event)
    judge(work, device, { at: deviceNow(work.engine, device, at) })
    return
  }
  cameOnline(device, event.receivedAt)
  passTime(work, device, at)
  const isNewest = at >= state.live.newestAt
  applyEvent(state.live, event)
  if (isNewest) state.newestMs = work.engine.clock.countedMs
  judge(work, device, { at: state.live.newestAt, observedAt: at })
  if (!isNewest && event.active) judgeLate(work, device, event)
}

/** Whoever speaks of now is there, whatever was said before. */
function cameOnline({ state }: Device, receivedAt: number): boolean {
  if (!state.availability || state.availability[0] || receivedAt < state.availability[1]) return false
  state.availability = [true, receivedAt]
  return true
}

/** Timers that ran out between the last message and this one, in the device's own time, come first: a bay replayed as taken for six minutes has stood there for five. */
function passTime(work: Work, device: Device, at: number): void {
  for (let times = 0; times < 4; times++) {
    const { wakeAt } = device.state
    if (wakeAt === undefined || wakeAt >= at) return
    judge(work, device, { at: wakeAt })
    if (device.state.wakeAt === wakeAt) return
  }
}

/** Another device has changed something that concerns this one. */
export function lookAgain(work: Work, device: Device): void {
  judge(work, device, { at: deviceNow(work.engine, device, work.now) })
}

/** The wheel has come to this device: a delay, a window, or the limit of its silence. */
export function timeHasCome(work: Work, device: Device): void {
  judgeTimed(work, device, { at: deviceNow(work.engine, device, work.now) })
}
