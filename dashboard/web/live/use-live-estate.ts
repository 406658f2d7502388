/** One estate live: devices applied once a frame, alarms at once, a gap in `seq` answered by watching again. */
import { onScopeDispose, shallowRef, triggerRef, type ShallowRef } from 'vue'
import { SYSTEM_KIND, type Alarm } from '../../../domain/alarm.ts'
import type { Changes, DeviceState, Snapshot } from '../../../domain/live.ts'
import { deviceKey } from './device-key.ts'
import { useLiveSocket, type LiveLine, type LiveSocketOptions } from './live-socket.ts'

export interface LiveEstate extends Omit<LiveLine, 'socket' | 'heard' | 'live'> {
  /** Key `<kind>/<id>`. The map stays the same object; the ref is triggered at most once a frame. */
  readonly devices: Readonly<ShallowRef<ReadonlyMap<string, DeviceState>>>
  /** All that are not closed, by id; a new map with each change. */
  readonly alarms: Readonly<ShallowRef<ReadonlyMap<string, Alarm>>>
  /** Closed while this page was open, newest first, at most 50. */
  readonly closed: Readonly<ShallowRef<readonly Alarm[]>>
  /** True once a snapshot has come. */
  readonly loaded: Readonly<ShallowRef<boolean>>
  /** The server refused this estate: the code of the error table. */
  readonly refused: Readonly<ShallowRef<string | undefined>>
  /** Takes the answer of an action in, if it is newer than what we have. */
  readonly takeAlarm: (alarm: Alarm) => void
}

export interface LiveEstateOptions {
  readonly estate: string
  readonly connect?: LiveSocketOptions['connect']
}

export function useLiveEstate({ estate, connect }: LiveEstateOptions): LiveEstate {
  const known = new Map<string, DeviceState>()
  const devices = shallowRef<ReadonlyMap<string, DeviceState>>(known)
  const alarms = shallowRef<ReadonlyMap<string, Alarm>>(new Map())
  const closed = shallowRef<readonly Alarm[]>([])
  const loaded = shallowRef(false)
  const refused = shallowRef<string>()
  let seq = -1

  const line = useLiveSocket({
    watch: (socket) => socket.emit('watch', { estate }),
    onSeq: (sent) => {
      if (seq >= 0 && sent !== seq) watchAgain()
    },
    ...(connect ? { connect } : {}),
  })
  const { socket } = line
  const watchAgain = () => {
    seq = -1 // until the new snapshot
    socket.emit('watch', { estate })
  }

  // Devices wait for the next frame; a hidden tab has no frames, so a timer stands in.
  let cancelPaint: (() => void) | undefined
  const paint = () => {
    cancelPaint = undefined
    triggerRef(devices)
  }
  const schedule = () => {
    if (cancelPaint) return
    const hidden = document.hidden
    const id = hidden ? window.setTimeout(paint, 1000) : requestAnimationFrame(paint)
    cancelPaint = () => (hidden ? clearTimeout(id) : cancelAnimationFrame(id))
  }

  const takeAlarm = (alarm: Alarm) => {
    const have = alarms.value.get(alarm.id)
    if (have && have.transition > alarm.transition) return
    const next = new Map(alarms.value)
    if (alarm.state === 'closed') {
      next.delete(alarm.id)
      if (!closed.value.some(({ id }) => id === alarm.id)) closed.value = [alarm, ...closed.value].slice(0, 50)
    } else next.set(alarm.id, alarm)
    alarms.value = next
  }

  socket.on('snapshot', (message: Snapshot) => {
    if (message.estate !== estate) return
    line.heard()
    seq = message.seq
    known.clear()
    for (const device of message.devices) known.set(deviceKey(device.kind, device.id), device)
    alarms.value = new Map(message.alarms.map((alarm) => [alarm.id, alarm]))
    loaded.value = true
    refused.value = undefined
    line.live()
    triggerRef(devices)
  })
  socket.on('changes', (message: Changes) => {
    if (message.estate !== estate) return
    line.heard()
    if (seq < 0) return // a snapshot is on its way
    if (message.seq !== seq + 1) {
      watchAgain()
      return
    }
    seq = message.seq
    for (const device of message.devices) known.set(deviceKey(device.kind, device.id), device)
    schedule()
  })
  socket.on('alarm', (alarm: Alarm) => {
    line.heard()
    if (alarm.estate === estate || alarm.kind === SYSTEM_KIND) takeAlarm(alarm) // our own faults belong to every desk
  })
  socket.on('refused', (message) => void (refused.value = message.code))

  onScopeDispose(() => cancelPaint?.())

  const { connection, heardAt, health, attempt, retryAt, ended, retry } = line
  return { connection, heardAt, health, attempt, retryAt, ended, retry, devices, alarms, closed, loaded, refused, takeAlarm }
}
