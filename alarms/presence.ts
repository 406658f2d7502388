/** Which gateways are there: one alarm for a box that is gone, a minute to come back where we closed the connection or were away ourselves. */
import { MINUTE_MS, SECOND_MS } from '../domain/clock.ts'
import { parseCredentialUsername } from '../domain/credential.ts'
import { deviceKey } from '../domain/reading.ts'
import type { Presence, Refused } from '../domain/system.ts'
import { deviceNow, inOrder, useDevice, type Device, type EngineState, type GatewayPresence } from './engine-state.ts'
import { judge } from './judge.ts'
import type { Work } from './work.ts'

const RETURN_MS = MINUTE_MS
const TAKE_OVERS = 3
const WINDOW_MS = 60 * SECOND_MS
/** A refused publish is a fault for so long after the last one. */
const REFUSED_MS = 10 * MINUTE_MS

export function observePresence(work: Work, { username, what, connections, clientId, takeOver }: Presence): void {
  const owner = parseCredentialUsername(username)
  if (owner?.type !== 'gateway') return
  const gateway = useDevice(work.engine, { estate: owner.estate, kind: 'gateway', device: owner.gateway })
  const presence = (gateway.state.presence ??= { clients: [], takeovers: [] })
  const nowMs = work.engine.clock.countedMs
  if (what === 'connected') {
    if (takeOver) presence.takeovers = [...recent(presence, nowMs), nowMs]
    if (!presence.clients.includes(clientId)) presence.clients.push(clientId)
    delete presence.returnByMs
    if (connections > 1 || recent(presence, nowMs).length >= TAKE_OVERS) {
      gateway.state.flags['credential-shared'] = true
      presence.sharedUntilMs = nowMs + WINDOW_MS
    }
    setDown(work, gateway, false)
    return
  }
  presence.clients = connections === 0 ? [] : presence.clients.filter((id) => id !== clientId)
  if (connections > 0) refresh(work, gateway)
  else if (what === 'gone') setDown(work, gateway, true)
  else {
    presence.returnByMs = nowMs + RETURN_MS
    refresh(work, gateway)
  }
}

/** A publish outside a credential's rights: a fault of the gateway, or of whatever else the credential stands for. */
export function observeRefused(work: Work, { username, topic, detail }: Refused): void {
  const owner = parseCredentialUsername(username)
  if (!owner || !work.engine.estates.has(owner.estate)) return
  const name = owner.type === 'gateway' ? owner.gateway : owner.type === 'device' ? owner.device : owner.name
  const device = useDevice(work.engine, { estate: owner.estate, kind: 'gateway', device: name })
  const presence = (device.state.presence ??= { clients: [], takeovers: [] })
  presence.refusedUntilMs = work.engine.clock.countedMs + REFUSED_MS
  device.state.flags['refused'] = true
  device.state.flagDetail['gateway-misconfigured'] = { username, topic: topic.slice(0, 200), reason: detail.slice(0, 200) }
  refresh(work, device)
}

/** The broker has started anew: whoever was connected has a minute to return. */
export function awaitReturns(work: Work): void {
  for (const device of gateways(work.engine)) {
    const { presence } = device.state
    if (!presence || presence.clients.length === 0) continue
    presence.clients = []
    presence.returnByMs = work.engine.clock.countedMs + RETURN_MS
    work.engine.dirty.add(device)
  }
}

/** Each second: who has not returned, and which fault is old enough to be over. */
export function checkGateways(work: Work): void {
  const nowMs = work.engine.clock.countedMs
  for (const device of gateways(work.engine)) {
    const { presence, flags } = device.state
    if (!presence) continue
    if (presence.returnByMs !== undefined && nowMs >= presence.returnByMs) {
      delete presence.returnByMs
      setDown(work, device, true)
    }
    if (presence.refusedUntilMs !== undefined && nowMs >= presence.refusedUntilMs) {
      delete presence.refusedUntilMs
      flags['refused'] = false
      refresh(work, device)
    }
    if (presence.sharedUntilMs !== undefined && nowMs >= presence.sharedUntilMs && presence.clients.length < 2) {
      delete presence.sharedUntilMs
      flags['credential-shared'] = false
      refresh(work, device)
    }
  }
}

/** What comes through a gateway shows that it is there, also where its connections say little: after a pause of ours, or while two share its credential. */
export function heardThrough(work: Work, via: string): void {
  const gateway = work.engine.devices.get(via)
  if (!gateway) return
  const { presence } = gateway.state
  if (presence?.returnByMs !== undefined) {
    presence.returnByMs = undefined
    work.engine.dirty.add(gateway)
  }
  if (gateway.state.flags['gateway-down'] && gateway.state.flags['credential-shared']) setDown(work, gateway, false)
}

/** Few names come again and again. */
const keys = new Map<string, string | undefined>()
const MOST_KEYS = 10_000

export function gatewayKey(username: string): string | undefined {
  if (keys.has(username)) return keys.get(username)
  const owner = parseCredentialUsername(username)
  const key = owner?.type === 'gateway' ? deviceKey({ estate: owner.estate, kind: 'gateway', device: owner.gateway }) : undefined
  if (keys.size >= MOST_KEYS) keys.clear()
  keys.set(username, key)
  return key
}

function setDown(work: Work, gateway: Device, down: boolean): void {
  const { flags } = gateway.state
  const changed = (flags['gateway-down'] ?? false) !== down
  flags['gateway-down'] = down
  const { engine } = work
  const behind = inOrder(engine.byGateway.get(gateway.key) ?? [])
  if (changed && !down) {
    gateway.state.graceMs = engine.clock.countedMs
    for (const device of behind) device.state.graceMs = engine.clock.countedMs
  }
  if (changed && down) gateway.state.flagDetail['gateway-down'] = { devices: behind.filter((device) => device !== gateway).length }
  refresh(work, gateway)
  if (changed) for (const device of behind) if (device !== gateway) refresh(work, device)
}

function refresh(work: Work, device: Device): void {
  judge(work, device, { at: deviceNow(work.engine, device, work.now) })
}

function recent(presence: GatewayPresence, nowMs: number): number[] {
  return presence.takeovers.filter((at) => nowMs - at <= WINDOW_MS)
}

function* gateways(engine: EngineState): Iterable<Device> {
  for (const key of engine.gateways) {
    const device = engine.devices.get(key)
    if (device) yield device
  }
}
