/** The present state of every device, client and alarm, kept from the journal entry by entry; it holds nothing that cannot be rebuilt from there. */
import type { Alarm } from '../../../domain/alarm.ts'
import { SECOND_MS, type EpochMs } from '../../../domain/clock.ts'
import { siteOf, type Estate, type EstateSet } from '../../../domain/estate.ts'
import type { JournalEntry } from '../../../domain/journal.ts'
import type { DeviceState, EstateSummary } from '../../../domain/live.ts'
import { parseDeviceTopic } from '../../../domain/topic.ts'
import type { FenceZoneSite } from '../../../devices/fence-zone/site.ts'
import { isWatching, zoneLengthM } from '../../../devices/fence-zone/watched.ts'
import { decode, type DecodeContext } from '../../../ingest/decode.ts'
import { createAlarmBoard, type AlarmBoard } from './alarm-board.ts'
import { createClients, type Clients } from './clients.ts'
import { deviceStatus, setBack, type DeviceRecord, type World } from './device-record.ts'
import { SILENT_START, stepClock, type SilenceClock } from './silence-clock.ts'
import { placeDevices, slotKey, toDeviceState, type Slot } from './slots.ts'
import { readSystemMessage } from './system-message.ts'
import { takePending } from './take-pending.ts'

const MOST_PENDING = 64

export interface LiveStateOptions {
  readonly rawDays: number
  /** The estates in force from a revision on. */
  readonly estatesAt: (revision: number) => EstateSet
  readonly onAlarm?: (alarm: Alarm) => void
  readonly onEstates?: (set: EstateSet) => void
  readonly onFault?: (error: unknown, entry: JournalEntry) => void
  /** Results of people's actions and whatever else our own messages say. */
  readonly onSystem?: (message: NonNullable<ReturnType<typeof readSystemMessage>>, entry: JournalEntry) => void
}

export interface LiveState {
  readonly alarms: AlarmBoard
  readonly clients: Clients
  apply(entry: JournalEntry): void
  setEstates(set: EstateSet): void
  set(): EstateSet
  setCatchingUp(catchingUp: boolean): void
  catchingUp(): boolean
  /** Decodes what waits, of one estate or of all. */
  settle(estate?: string): void
  devices(estate: Estate): readonly DeviceState[]
  /** Devices of the estate that have changed since the last call. */
  takeChanges(estate: string): readonly DeviceState[]
  /** How many of each kind there are and how many of them are online; of the fence how many metres are watched. */
  coverage(estate: Estate): Pick<EstateSummary, 'devices' | 'fenceM'>
  newestReceivedAt(estate: string): EpochMs | null
  clock(): SilenceClock
  /** `at` of the last tick the alarm engine has committed. */
  engineAt(): EpochMs | null
  /** What has changed since the last call, to be written down. */
  takeUnsaved(): {
    readonly records: readonly { readonly key: string; readonly record: DeviceRecord }[]
    readonly vanished: readonly string[]
  }
  restore(saved: {
    readonly clock: SilenceClock
    readonly engineAt: EpochMs | null
    readonly records: ReadonlyMap<string, DeviceRecord>
  }): void
}

interface Route {
  readonly slot: Slot
  readonly isTelemetry: boolean
}

export function createLiveState(options: LiveStateOptions): LiveState {
  const alarms = createAlarmBoard()
  const clients = createClients()
  const changed = new Map<string, Set<Slot>>()
  const unsaved = new Set<Slot>()
  const waiting = new Map<string, Set<Slot>>() // by estate: slots with something to decode
  const newest = new Map<string, EpochMs>()
  const vanished = new Set<string>() // to be forgotten where it was written down
  let restored = new Map<string, DeviceRecord>() // by key, until the journal has been read
  let set: EstateSet = { revision: 0, estates: new Map() }
  let slots = new Map<string, Slot>()
  const routes = new Map<string, Route>() // by topic, so that each is taken apart once
  let clock = SILENT_START
  let engineAt: EpochMs | null = null
  let catchingUp = true

  const context: DecodeContext = {
    findDevice: (estate, kind, device) => slots.get(`${estate}/${kind}/${device}`),
    rawDays: options.rawDays,
  }
  const world = (): World => ({ clock, goneSeq: (username) => clients.goneSeq(username), catchingUp })

  const markChanged = (slot: Slot) => add(changed, slot)
  const judge = (slot: Slot, now: World) => {
    const status = deviceStatus(slot.record, slot.kind, now)
    if (status === slot.status) return
    slot.status = status
    markChanged(slot)
  }
  const judgeAll = () => {
    const now = world()
    for (const slot of slots.values()) judge(slot, now)
  }
  const understand = (entry: JournalEntry) => {
    try {
      return decode(entry, context)
    } catch (error) {
      options.onFault?.(error, entry) // ingest keeps it as a dead letter; here the line goes on
      return []
    }
  }
  const settleSlot = (slot: Slot) => {
    if (slot.pending.length === 0) return
    if (takePending(slot, understand)) {
      markChanged(slot)
      unsaved.add(slot)
    }
    judge(slot, world())
  }
  const settle = (estate?: string) => {
    const groups = estate === undefined ? [...waiting.values()] : [waiting.get(estate) ?? new Set<Slot>()]
    for (const group of groups) {
      for (const slot of group) settleSlot(slot)
      group.clear()
    }
  }
  const findRoute = (name: string): Route | undefined => {
    const topic = parseDeviceTopic(name)
    if ('wrong' in topic) return undefined
    const slot = slots.get(`${topic.estate}/${topic.kind}/${topic.device}`)
    if (!slot) return undefined
    const route = { slot, isTelemetry: topic.channel === 'telemetry' }
    routes.set(name, route) // as many as devices have channels
    return route
  }
  const setEstates = (next: EstateSet) => {
    settle()
    set = next
    routes.clear()
    const before = slots
    slots = placeDevices(before, next, (key) => restored.get(key))
    for (const slot of before.values())
      if (!slots.has(slot.key)) {
        vanished.add(slot.key)
        restored.delete(slot.key)
        unsaved.delete(slot)
      }
    changed.clear()
    waiting.clear()
    judgeAll()
    options.onEstates?.(next)
  }
  const setAllBack = (backMs: number) => {
    settle()
    for (const slot of slots.values()) {
      if (!slot.record) continue
      slot.record = setBack(slot.record, backMs)
      unsaved.add(slot)
    }
    for (const [estate, at] of newest) newest.set(estate, at - backMs)
  }
  /** By the clock of the last tick: the next one tells of the jump that is seen here. */
  const beforeJump = (entry: JournalEntry): JournalEntry =>
    clock.tickAt !== null && entry.receivedAt < clock.tickAt - SECOND_MS ? { ...entry, receivedAt: clock.tickAt } : entry
  const applySystem = (entry: JournalEntry) => {
    const message = readSystemMessage(entry)
    if (!message) return
    switch (message.type) {
      case 'tick':
        if (message.gapMs !== undefined) clients.brokerRestarted(clock.ms)
        if (clock.tickAt !== null && message.at < clock.tickAt) setAllBack(clock.tickAt - message.at)
        clock = stepClock(clock, message)
        clients.expire({ ms: clock.ms, seq: entry.seq })
        if (!catchingUp) {
          settle()
          judgeAll()
        }
        break
      case 'records':
        if (message.revision !== set.revision) setEstates(options.estatesAt(message.revision))
        break
      case 'presence':
        settle()
        clients.presence(message, entry)
        if (message.what === 'gone' && !catchingUp) judgeAll()
        break
      case 'engine':
        engineAt = message.at
        break
      case 'alarm':
        if (alarms.apply(message.alarm)) options.onAlarm?.(message.alarm)
        break
    }
    options.onSystem?.(message, entry)
  }

  return {
    alarms,
    clients,
    apply: (journaled) => {
      if (journaled.topic.startsWith('system/')) {
        applySystem(journaled)
        return
      }
      const entry = beforeJump(journaled)
      clients.heard(entry.client, entry)
      const route = routes.get(entry.topic) ?? findRoute(entry.topic)
      if (!route) return
      const { slot, isTelemetry } = route
      newest.set(slot.estate, entry.receivedAt)
      if (!isTelemetry) settleSlot(slot)
      slot.pending.push({ entry, ms: clock.ms })
      if (!isTelemetry || slot.pending.length >= MOST_PENDING) settleSlot(slot)
      else add(waiting, slot)
    },
    setEstates,
    set: () => set,
    setCatchingUp: (next) => {
      if (next === catchingUp) return
      catchingUp = next
      if (!catchingUp) restored.clear()
      settle()
      judgeAll()
    },
    catchingUp: () => catchingUp,
    settle,
    devices: (estate) => {
      settle(estate.id)
      return estate.devices.map((device) => toDeviceState(device, slots.get(slotKey(estate, device))))
    },
    takeChanges: (estate) => {
      settle(estate)
      const group = changed.get(estate)
      if (!group) return []
      changed.delete(estate)
      return [...group].map((slot) => toDeviceState(slot.device, slot))
    },
    coverage: (estate) => {
      settle(estate.id)
      const devices: Record<string, { total: number; online: number }> = {}
      const fenceM = { total: 0, watched: 0 }
      for (const device of estate.devices) {
        const count = (devices[device.kind] ??= { total: 0, online: 0 })
        const { status = 'unknown', record } = slots.get(slotKey(estate, device)) ?? {}
        count.total++
        if (status === 'online') count.online++
        if (device.kind !== 'fence-zone') continue
        const lengthM = zoneLengthM(siteOf<FenceZoneSite>(device))
        fenceM.total += lengthM
        if (isWatching({ status, reading: record?.values ?? null })) fenceM.watched += lengthM
      }
      return { devices, ...(fenceM.total > 0 && { fenceM }) }
    },
    newestReceivedAt: (estate) => newest.get(estate) ?? null,
    clock: () => clock,
    engineAt: () => engineAt,
    takeUnsaved: () => {
      settle()
      const records = [...unsaved].flatMap(({ key, record }) => (record ? [{ key, record }] : []))
      const gone = [...vanished].filter((key) => !slots.has(key))
      unsaved.clear()
      vanished.clear()
      return { records, vanished: gone }
    },
    restore: (saved) => {
      clock = saved.clock
      engineAt = saved.engineAt
      restored = new Map(saved.records)
      for (const [key, { receivedAt }] of saved.records) {
        const estate = key.slice(0, key.indexOf('/'))
        newest.set(estate, Math.max(newest.get(estate) ?? 0, receivedAt))
      }
    },
  }
}

function add(groups: Map<string, Set<Slot>>, slot: Slot): void {
  const group = groups.get(slot.estate)
  if (group) group.add(slot)
  else groups.set(slot.estate, new Set([slot]))
}
