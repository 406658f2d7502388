/** What the engine holds in memory between two entries; all of it comes back from `alarms.db` after a restart. */
import type { EpochMs } from '../domain/clock.ts'
import type { FieldValues, KindDefinition } from '../domain/device-kind.ts'
import type { Estate, EstateDevice, EstateSet } from '../domain/estate.ts'
import { deviceKey, type DeviceId } from '../domain/reading.ts'
import { findKind } from '../devices/index.ts'
import { deviceIn, type CompiledRule, type RuleSet } from './rule-set.ts'
import type { AlarmRecord, TimelineEntry } from './step.ts'
import { emptyView, type Slot, type View } from './view.ts'
import { fieldBits, type FieldBits } from './field-bits.ts'

/** Where a rule stands for one device; instants are the device's own time. */
export interface RuleState {
  /** The condition holds since then and waits for its on-delay. */
  since?: EpochMs | undefined
  /** It is gone since then and waits for its off-delay. */
  gone?: EpochMs | undefined
  /** The alarm that is not closed. */
  alarm?: string
  /** When a latching condition held: a late message about one of these times is no news. `null` = still. */
  episodes?: [from: EpochMs, to: EpochMs | null][]
}

export interface GatewayPresence {
  clients: string[]
  /** Counted ms of the take-overs of the last 60 s. */
  takeovers: number[]
  /** Gone unless it is back by then (counted ms): after a restart of the broker, or where we closed the connection. */
  returnByMs?: number | undefined
  sharedUntilMs?: number | undefined
  refusedUntilMs?: number | undefined
}

/** What is known of a device beside its rules; plain data. */
export interface DeviceState {
  live: View
  /** The stream of late messages, which never touches `live`. */
  late?: View
  /** By rule: the memory of its conditions over that stream. */
  lateMemory?: Record<string, Slot[]>
  /** The gateway it was last heard through; null = it has a connection of its own. */
  via: string | null
  /** Counted ms at the newest message. */
  heardMs?: number
  /** Counted ms from which silence counts anew. */
  graceMs: number
  /** Counted ms at the newest observation. */
  newestMs: number
  availability?: [online: boolean, at: EpochMs]
  flags: Record<string, boolean>
  flagDetail: Record<string, FieldValues>
  /** Its last two touches. */
  touches: EpochMs[]
  presence?: GatewayPresence
  wakeAt?: EpochMs | undefined
  wakeMs?: number | undefined
  /** To be looked at when nothing was heard for so long (counted ms). */
  silenceMs?: number | undefined
}

/** A device as it is kept over a restart, its rules by their ids. */
export interface KeptDevice extends Omit<DeviceState, 'live'> {
  live: View & { memory?: Readonly<Record<string, Slot[]>> }
  rules?: Readonly<Record<string, RuleState>>
}

export interface Device extends DeviceId {
  readonly key: string
  readonly definition: KindDefinition | undefined
  state: DeviceState
  rules: readonly CompiledRule[]
  /** The estate's entry the rules were chosen for. */
  entry: EstateDevice | undefined
  /** For each of `rules`: where it stands, once it has stood anywhere. */
  standing: (RuleState | undefined)[]
  /** For each of `rules`: the memory of its conditions. */
  memory: Slot[][]
  /** What is known of rules that are no longer its own. */
  former: Record<string, RuleState>
  /** For each of `rules`: nothing of it is open or under way, so only a change of what it watches can matter. */
  quiet: boolean[]
  /** The expected interval by the reading of this instant. */
  interval: { readonly at: EpochMs; readonly ms: number } | undefined
  /** The expected interval when all rules were last judged. */
  intervalMs: number
  /** The second of the wheel it stands in. */
  scheduled: number | undefined
  readonly bits: FieldBits
}

export interface EngineClock {
  tickAt: EpochMs
  elapsedMs: number
  /** `elapsedMs` without the time in which nothing was taken in: what silence and delays count. */
  countedMs: number
  intake: boolean
  /** How far the wall clock has been set back: added to arrival times, so that what comes later is never taken for earlier. */
  backMs: number
  /** Counted ms of the last gap or stop of intake. */
  graceMs: number
}

export interface Transition {
  readonly record: AlarmRecord
  readonly event: TimelineEntry
}

export interface EngineState {
  clock: EngineClock
  revision: number
  estates: EstateSet['estates']
  readonly rules: RuleSet
  readonly devices: Map<string, Device>
  /** The device that a topic spoke of last: known devices only, so it is no larger than their topics. */
  readonly byTopic: Map<string, Device>
  /** Keys of the gateways, and of other credentials' names that stand for one. */
  readonly gateways: Set<string>
  readonly byGateway: Map<string, Set<Device>>
  /** Alarms that are not closed, by id. */
  readonly alarms: Map<string, AlarmRecord>
  readonly shelved: Set<string>
  /** Alarms that are closed and whose change is not yet kept. */
  readonly closed: Map<string, AlarmRecord>
  /** By estate and rule, for conditions on several devices. */
  groups: Record<string, Record<string, EpochMs>>
  /** Second of counted time → devices to look at then. */
  readonly wheel: Map<number, Set<Device>>
  wheelAt: number
  /** Devices whose state has changed since it was last kept. */
  readonly dirty: Set<Device>
  /** Alarms of which something has changed since they were last kept. */
  readonly touched: Set<string>
  /** Keys of devices whose kept state goes. */
  readonly removed: Set<string>
}

export function emptyEngine(rules: RuleSet): EngineState {
  return {
    clock: { tickAt: 0, elapsedMs: 0, countedMs: 0, intake: true, backMs: 0, graceMs: 0 },
    revision: 0,
    estates: new Map(),
    rules,
    devices: new Map(),
    byTopic: new Map(),
    gateways: new Set(),
    byGateway: new Map(),
    alarms: new Map(),
    shelved: new Set(),
    closed: new Map(),
    groups: {},
    wheel: new Map(),
    wheelAt: 0,
    dirty: new Set(),
    touched: new Set(),
    removed: new Set(),
  }
}

export function estateOf(engine: EngineState, id: DeviceId): Estate | undefined {
  return engine.estates.get(id.estate)
}

/** The device as the engine knows it; made when it is first heard of. */
export function useDevice(engine: EngineState, id: DeviceId): Device {
  const key = deviceKey(id)
  return engine.devices.get(key) ?? putDevice(engine, id, emptyDeviceState())
}

export function putDevice(engine: EngineState, id: DeviceId, kept: KeptDevice): Device {
  const key = deviceKey(id)
  const estate = estateOf(engine, id)
  const entry = estate && deviceIn(estate, id.kind, id.device)
  const { rules: standing = {}, live, ...state } = kept
  const { memory = {}, ...view } = live
  const rules = engine.rules.rulesFor(id.estate, id.kind, entry ?? placeholder(id))
  const own = new Set(rules.map(({ rule }) => rule.id))
  const device: Device = {
    estate: id.estate,
    kind: id.kind,
    device: id.device,
    key,
    definition: findKind(id.kind),
    state: { ...state, live: view },
    rules,
    standing: rules.map(({ rule }) => standing[rule.id]),
    memory: rules.map(({ rule }) => memory[rule.id] ?? []),
    former: Object.fromEntries(Object.entries(standing).filter(([rule]) => !own.has(rule))),
    entry,
    quiet: [],
    interval: undefined,
    intervalMs: 0,
    scheduled: undefined,
    bits: fieldBits(id.kind),
  }
  if (engine.devices.has(key)) engine.byTopic.clear()
  engine.devices.set(key, device)
  if (id.kind === 'gateway') engine.gateways.add(key)
  if (state.via !== null) joinGateway(engine, device, state.via)
  return device
}

export function keptForm({ state, rules, standing, memory, former }: Device): KeptDevice {
  const kept: Record<string, RuleState> = { ...former }
  const slots: Record<string, Slot[]> = {}
  for (const [place, { rule }] of rules.entries()) {
    if (standing[place]) kept[rule.id] = standing[place]
    if (memory[place]!.some(Boolean)) slots[rule.id] = memory[place]!
  }
  return { ...state, live: { ...state.live, memory: slots }, rules: kept }
}

/** Where a rule of the device stands, by the rule's id. */
export function standingOf({ rules, standing }: Device, id: string): RuleState | undefined {
  return standing[rules.findIndex(({ rule }) => rule.id === id)]
}

/** Things that no estate's file lists (the system itself, another system's credential) have rules by kind alone. */
function placeholder({ kind, device }: DeviceId): EstateDevice {
  return { id: device, kind, name: device, site: {} }
}

function emptyDeviceState(): KeptDevice {
  return { live: emptyView(), via: null, graceMs: 0, newestMs: 0, flags: {}, flagDetail: {}, touches: [] }
}

export function joinGateway(engine: EngineState, device: Device, via: string | null): void {
  if (device.state.via !== null && device.state.via !== via) engine.byGateway.get(device.state.via)?.delete(device)
  device.state.via = via
  if (via === null) return
  const behind = engine.byGateway.get(via)
  if (behind) behind.add(device)
  else engine.byGateway.set(via, new Set([device]))
}

/** The device's own time: its newest observation and the wait since then. */
export function deviceNow(engine: EngineState, device: Device, fallback: EpochMs): EpochMs {
  const { live, newestMs } = device.state
  return live.newestAt === 0 ? fallback : live.newestAt + Math.max(0, engine.clock.countedMs - newestMs)
}

/** Puts the device where the wheel of seconds will find it in time; an earlier place is kept and found too early once. */
export function schedule(engine: EngineState, device: Device): void {
  const due = dueMs(device)
  if (due === undefined) return
  const second = Math.max(Math.ceil(due / 1000), engine.wheelAt + 1)
  if (device.scheduled !== undefined && device.scheduled <= second && device.scheduled > engine.wheelAt) return
  if (device.scheduled !== undefined) engine.wheel.get(device.scheduled)?.delete(device)
  device.scheduled = second
  const bucket = engine.wheel.get(second)
  if (bucket) bucket.add(device)
  else engine.wheel.set(second, new Set([device]))
}

export function dueMs({ state }: Device): number | undefined {
  let due = state.wakeMs ?? Infinity
  if (state.wakeAt !== undefined) due = Math.min(due, state.newestMs + Math.max(0, state.wakeAt - state.live.newestAt))
  if (state.silenceMs !== undefined && state.heardMs !== undefined) due = Math.min(due, state.heardMs + state.silenceMs)
  return due === Infinity ? undefined : due
}

export function removeDevice(engine: EngineState, device: Device): void {
  engine.devices.delete(device.key)
  engine.byTopic.clear()
  engine.gateways.delete(device.key)
  if (device.state.via !== null) engine.byGateway.get(device.state.via)?.delete(device)
  if (device.scheduled !== undefined) engine.wheel.get(device.scheduled)?.delete(device)
  engine.dirty.delete(device)
  engine.removed.add(device.key)
}

/** Devices in one order, whatever order they were heard in: a restart between two entries changes nothing. */
export function inOrder(devices: Iterable<Device>): readonly Device[] {
  return [...devices].sort((a, b) => (a.key < b.key ? -1 : 1))
}
