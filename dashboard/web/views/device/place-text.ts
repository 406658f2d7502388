/** Where a device is, in one line, by its kind's own part of the estate's file; nothing for a kind that says nothing of it. */
import { siteOf, type Estate, type EstateDevice } from '../../../../domain/estate.ts'
import type { CameraSite } from '../../../../devices/camera/site.ts'
import type { ElevatorSite } from '../../../../devices/elevator/site.ts'
import type { FenceZoneSite } from '../../../../devices/fence-zone/site.ts'
import type { ParkingBaySite } from '../../../../devices/parking-bay/site.ts'
import type { Dictionary } from '../../i18n/words.ts'
import { number } from '../../i18n/format.ts'
import type { words } from './words.ts'

type DeviceWords = typeof words extends Dictionary<infer W> ? W : never

export function placeText(device: EstateDevice, estate: Estate, w: DeviceWords): string {
  if (device.kind === 'camera') {
    const { bearingDeg, fovDeg, rangeM } = siteOf<CameraSite>(device)
    return w.looks(Math.round(bearingDeg), fovDeg, rangeM)
  }
  if (device.kind === 'fence-zone') {
    const { fromM, toM } = siteOf<FenceZoneSite>(device)
    return w.zone(number(fromM), number(toM))
  }
  if (device.kind === 'parking-bay') return w.uses[siteOf<ParkingBaySite>(device).use]
  if (device.kind === 'elevator') {
    const { block, floors } = siteOf<ElevatorSite>(device)
    const name = estate.blocks.find(({ id }) => id === block)?.name ?? block
    return `${w.block(name)} · ${w.floors(floors[0]!, floors.at(-1)!)}`
  }
  if (device.kind === 'gateway') return w.behind(estate.devices.filter(({ gateway }) => gateway === device.id).length)
  return ''
}
