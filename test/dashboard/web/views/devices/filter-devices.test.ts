import { describe, expect, it } from 'vitest'
import { countByStatus, filterDevices, orderDevices } from '../../../../../dashboard/web/views/devices/filter-devices.ts'
import { windowRows } from '../../../../../dashboard/web/views/devices/window-rows.ts'
import { alarm, device } from '../a-device.ts'

const rows = [
  { device: device('cam-11', { name: '11号摄像' }), alarm: undefined },
  { device: device('cam-2', { name: '2号摄像' }), alarm: undefined },
  { device: device('cam-3', { name: '3号摄像', status: 'offline' }), alarm: undefined },
  { device: device('cam-9', { name: '9号摄像' }), alarm: alarm({ priority: 2 }) },
] as const
const ids = (shown: readonly { device: { id: string } }[]) => shown.map(({ device: { id } }) => id)

describe('a list of devices', () => {
  it('puts alarms first, then those not online, then numbers as people count', () => {
    expect(ids(orderDevices(rows))).toEqual(['cam-9', 'cam-3', 'cam-2', 'cam-11'])
  })

  it('shows what mentions the text, by name or id', () => {
    expect(ids(filterDevices(rows, { text: '11号', show: 'all' }))).toEqual(['cam-11'])
    expect(ids(filterDevices(rows, { text: ' CAM-3 ', show: 'all' }))).toEqual(['cam-3'])
  })

  it('shows those of one status, or those that are in trouble', () => {
    expect(ids(filterDevices(rows, { text: '', show: 'offline' }))).toEqual(['cam-3'])
    expect(ids(filterDevices(rows, { text: '', show: 'trouble' }))).toEqual(['cam-3', 'cam-9'])
  })

  it('counts by status', () => {
    expect(countByStatus(rows.map(({ device: d }) => d))).toEqual({ online: 3, stale: 0, offline: 1, unknown: 0 })
  })
})

describe('the rows that are drawn', () => {
  it('are those in the window and a few on either side', () => {
    expect(windowRows({ rows: 260, rowPx: 32, scrolledPx: 3200, heightPx: 640 })).toEqual({ first: 92, end: 128 })
  })

  it('end with the list', () => {
    expect(windowRows({ rows: 10, rowPx: 32, scrolledPx: 0, heightPx: 640 })).toEqual({ first: 0, end: 10 })
    expect(windowRows({ rows: 3, rowPx: 32, scrolledPx: 9999, heightPx: 640 })).toEqual({ first: 3, end: 3 })
  })
})
