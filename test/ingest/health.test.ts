import { beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../domain/errors.ts'
import type { RoleStatus } from '../../domain/role-status.ts'
import { makeHealth, type Health } from '../../ingest/health.ts'
import { silentLog } from './fakes.ts'

const FIGURES = { cursor: 1, points: 1, rejected: 0, unknownFields: 0, clockFaults: 0 }
let said: { code: string; active: boolean; detail: string }[]
let status: Partial<RoleStatus>
let health: Health
let now: number
beforeEach(() => {
  said = []
  status = {}
  now = 0
  health = makeHealth({
    status: { set: (change) => (status = { ...status, ...change }), close: async () => undefined },
    faults: {
      set: (code, active, detail) => {
        if (said.findLast((fault) => fault.code === code)?.active !== active) said.push({ code, active, detail })
      },
      close: async () => undefined,
    },
    log: silentLog,
    store: 'sqlite',
    floorMib: 512,
    clock: () => now,
  })
})
const look = (freeMib: number, trimmedHours?: number) => health.look(FIGURES, { lagMs: 0, freeMib, trimmedHours })
const disk = () => said.filter(({ code }) => code === 'disk-low').map(({ active, detail }) => [active, detail])

describe('what ingest says of a short disk', () => {
  it('counts the hours it had to remove and raises disk-low until there is room again', () => {
    look(9000, 3)
    look(2047, 3)
    look(1990, 5)
    expect(status.figures).toMatchObject({ freeMib: 1990, trimmedHours: 5 })
    look(2100, 5)
    look(2300, 5)
    expect(disk()).toEqual([
      [false, '9000 MiB are free.'],
      [true, '1990 MiB are free: the oldest readings are removed hour by hour, 5 so far.'],
      [false, '2300 MiB are free.'],
    ])
  })

  it('says that readings wait under the floor, as a short disk and not as a store that is down', () => {
    look(1000)
    health.listeners.onWaiting('store', new AppError('disk-full', '400 MiB are free in /data, under the floor of 512 MiB.'))
    now = 60_000
    look(400)
    expect(status).toMatchObject({ state: 'degraded', figures: { store: 'down', freeMib: 400 } })
    expect(status.waitingFor).toBe('Room on the disk: 400 MiB are free in /data, under the floor of 512 MiB.')
    health.listeners.onWaiting(undefined)
    look(3000)
    expect(status).toMatchObject({ state: 'running', figures: { store: 'up' } })
    expect(disk().map(([active]) => active)).toEqual([false, true, false])
    expect(said.filter(({ code, active }) => code === 'store-down' && active)).toEqual([])
  })
})
