/** What is judged from several devices of one estate: a fence touched again, a fence alarm in a camera's view, cameras lost side by side. */
import { SECOND_MS, type EpochMs } from '../domain/clock.ts'
import { isStanding } from '../domain/alarm.ts'
import { deviceKey } from '../domain/reading.ts'
import type { Verdict } from './verdict.ts'
import { estateOf, standingOf, type Device, type EngineState } from './engine-state.ts'
import { surroundingsOf } from './surroundings.ts'

const AGAIN_MS = 60 * SECOND_MS
const INTRUSION = ['cut', 'climb', 'short', 'touch', 'tamper']
const NO_PICTURE = ['video-lost', 'offline', 'silent']

type Judged = 'touched-again' | 'fence-alarm-in-view' | 'neighbour-camera-lost'

/** Keeps the touches of a zone: twice within a minute is someone trying. */
export function remember(device: Device, code: string, at: EpochMs): void {
  if (device.kind === 'fence-zone' && code === 'touch') device.state.touches = [...device.state.touches, at].slice(-2)
}

export function judgedByNeighbours(engine: EngineState, device: Device, what: Judged): Verdict {
  const estate = estateOf(engine, device)
  if (!estate) return undefined
  const near = surroundingsOf(estate)
  const find = (kind: string, id: string) => engine.devices.get(deviceKey({ estate: device.estate, kind, device: id }))
  switch (what) {
    case 'touched-again': {
      const [before, last = before] = device.state.touches
      if (last === undefined || before === undefined) return false
      if (before !== last && last - before <= AGAIN_MS) return true
      const others = near.neighbourZones(device.device).flatMap((zone) => find('fence-zone', zone)?.state.touches ?? [])
      return others.some((at) => Math.abs(at - last) <= AGAIN_MS)
    }
    case 'fence-alarm-in-view':
      return near.zonesInView(device.device).some((zone) => hasAlarm(engine, find('fence-zone', zone), INTRUSION))
    case 'neighbour-camera-lost':
      return near.neighbourCameras(device.device).some((camera) => hasAlarm(engine, find('camera', camera), NO_PICTURE, true))
  }
}

function hasAlarm(engine: EngineState, device: Device | undefined, codes: readonly string[], active = false): boolean {
  if (!device) return false
  return codes.some((code) => {
    const id = standingOf(device, `${device.kind}.${code}`)?.alarm
    const record = id === undefined ? undefined : engine.alarms.get(id)
    return record !== undefined && (active ? record.active && record.alarm.state !== 'suppressed' : isStanding(record.alarm))
  })
}

/** Devices whose alarms may be more urgent now that this one has raised one. */
export function dependentsOf(engine: EngineState, device: Device): readonly string[] {
  const estate = estateOf(engine, device)
  if (!estate) return []
  const near = surroundingsOf(estate)
  const keys = (kind: string, ids: readonly string[]) => ids.map((id) => deviceKey({ estate: device.estate, kind, device: id }))
  if (device.kind === 'fence-zone')
    return [...keys('fence-zone', near.neighbourZones(device.device)), ...keys('camera', near.camerasSeeing(device.device))]
  return device.kind === 'camera' ? keys('camera', near.neighbourCameras(device.device)) : []
}
