/** A change of the estates: rules are chosen anew for every device, and alarms of devices that are no more are closed. */
import { SYSTEM_ESTATE } from '../domain/alarm.ts'
import type { EstateSet } from '../domain/estate.ts'
import { keptForm, putDevice, removeDevice, schedule, type Device } from './engine-state.ts'
import { deviceIn } from './rule-set.ts'
import { step, type Work } from './work.ts'

export function changeRecords(work: Work, { revision, estates }: EstateSet): void {
  const { engine } = work
  const before = engine.estates
  engine.revision = revision
  engine.estates = estates
  for (const device of [...engine.devices.values()]) {
    if (device.estate === SYSTEM_ESTATE) continue
    const estate = estates.get(device.estate)
    if (estate !== undefined && estate === before.get(device.estate)) continue
    const was = before.get(device.estate)
    const entry = estate && deviceIn(estate, device.kind, device.device)
    const vanished = !estate || (!entry && was !== undefined && deviceIn(was, device.kind, device.device) !== undefined)
    if (vanished) remove(work, device)
    else rejudge(work, device)
  }
  // Alarms whose device the engine no longer knows, such as those of an estate that went with all that was its own.
  for (const record of [...engine.alarms.values()])
    if (record.alarm.estate !== SYSTEM_ESTATE && !estates.has(record.alarm.estate)) step(work, record, removal())
}

function remove(work: Work, device: Device): void {
  for (const state of [...device.standing, ...Object.values(device.former)]) {
    const record = state?.alarm === undefined ? undefined : work.engine.alarms.get(state.alarm)
    if (record) step(work, record, removal())
  }
  removeDevice(work.engine, device)
}

function removal() {
  return { type: 'remove', detail: { closed_by: 'device-removed' } } as const
}

/** Its place in the file may have changed, so its rules are found anew; what is known of it stays, and what a rule said that is no longer its own is over. */
function rejudge(work: Work, device: Device): void {
  const { engine } = work
  const { state } = device
  if (device.scheduled !== undefined) engine.wheel.get(device.scheduled)?.delete(device)
  if (state.via !== null) engine.byGateway.get(state.via)?.delete(device)
  engine.dirty.delete(device)
  const put = putDevice(engine, device, keptForm(device))
  for (const { alarm } of Object.values(put.former)) {
    const record = alarm === undefined ? undefined : engine.alarms.get(alarm)
    if (record) step(work, record, { type: 'condition', active: false })
  }
  engine.dirty.add(put)
  schedule(engine, put)
}
