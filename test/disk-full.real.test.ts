import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'mqtt'
import { afterEach, expect, test } from 'vitest'
import type { Alarm } from '../domain/alarm.ts'
import { ROLES, type Role, type RoleStatus } from '../domain/role-status.ts'
import { connected } from './support/broker.ts'
import { makeSmallDisk, whyNoMount } from './support/small-disk.ts'
import { startSystem } from './support/system.ts'
import { until } from './support/until.ts'

const ESTATE = 'yangqu-760'
const why = whyNoMount()
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Device {
  readonly id: string
}
interface Standing {
  readonly alarms: readonly Alarm[]
}

test.runIf(why === undefined)(
  `all roles live through a disk that fills up step by step and has room again${why === undefined ? '' : ` (nothing can be mounted here: ${why})`}`,
  { timeout: 240_000 },
  async () => {
    const startedAt = Date.now()
    const disk = makeSmallDisk('ext4', 500)
    closing.push(() => disk.unmount())
    const system = await startSystem({ dataDir: disk.path, env: { SIMULATE: 'off', DISK_FLOOR_MIB: '250' } })
    closing.push(() => system.stop())
    const topicOf = async (kind: string, channel: string) => {
      const { body } = await system.api<readonly Device[]>('GET', `/estates/${ESTATE}/devices?kind=${kind}`)
      return `estates/${ESTATE}/${kind}/${body[0]!.id}/${channel}`
    }
    const camera = await topicOf('camera', 'telemetry')
    const fence = await topicOf('fence-zone', 'event')
    const lift = await topicOf('elevator', 'event')
    const [gateway] = (await system.api<readonly Device[]>('GET', `/estates/${ESTATE}/devices?kind=gateway`)).body
    const rotate = `/estates/${ESTATE}/credentials/gw.${ESTATE}.${gateway!.id}/rotate`
    const login = (await system.api<{ username: string; password: string }>('POST', rotate)).body
    const statusOf = (role: Role) => JSON.parse(readFileSync(join(disk.path, 'run', `${role}.json`), 'utf8')) as RoleStatus
    const pids = () => ROLES.map((role) => statusOf(role).pid)
    const before = pids()
    const isReady = async () => (await fetch(`${system.url}/readyz`)).status === 200
    const standing = async (code: string) => {
      const { body } = await system.api<Standing>('GET', '/alarms?standing=true&limit=500')
      return body.alarms.filter((alarm) => alarm.code === code)
    }
    const open = () => connected(connect({ port: system.mqttPort, ...login, reconnectPeriod: 0 }))
    const client = await until(() =>
      connected(connect({ port: system.mqttPort, ...login, reconnectPeriod: 200, reconnectOnConnackError: true })).catch(() => undefined),
    )
    closing.push(() => client.endAsync(true))
    const acked: string[] = []
    const publish = (topic: string, name: string, payload: object) =>
      client.publish(topic, JSON.stringify({ ts: Date.now(), ...payload }), { qos: 1 }, (error) => {
        if (!error) acked.push(name)
      })
    const isAcked = (name: string) => acked.includes(name)

    // warning: everything is taken, one alarm stands
    await until(isReady, { timeoutMs: 30_000, what: 'ready' })
    publish(camera, 'camera at first', { fps: 21 })
    await until(() => isAcked('camera at first'))
    await until(async () => (await standing('disk-low')).some(({ device }) => device === 'disk'), { timeoutMs: 20_000, what: 'disk-low' })

    // under the floor: telemetry that can wait is not acknowledged; a cut fence and a person shut in get through and are alarms
    disk.leave(150)
    await until(() => statusOf('broker').state === 'degraded', { what: 'the broker has seen it' })
    expect(await isReady()).toBe(false)
    publish(camera, 'camera under the floor', { fps: 22 })
    publish(fence, 'cut', { code: 'cut', active: true })
    publish(lift, 'entrapment', { code: 'entrapment', active: true })
    await until(() => isAcked('cut') && isAcked('entrapment'))
    expect(isAcked('camera under the floor')).toBe(false)
    for (const code of ['cut', 'entrapment']) await until(async () => (await standing(code)).length === 1, { what: code })

    // full: no acknowledgement, disconnection, CONNECT refused; who acts on an alarm still does
    const gone = new Promise<void>((resolve) => client.once('close', () => resolve()))
    disk.leave(30)
    await gone
    expect(await open().catch((error: unknown) => (error as { code?: number }).code)).toBe(3)
    expect(await isReady()).toBe(false)
    const [cut] = await standing('cut')
    expect((await system.api('POST', `/alarms/${cut!.id}/acknowledge`)).status).toBe(200)
    expect((await standing('disk-low')).filter(({ device }) => device === 'disk').length).toBe(1)

    // not a block is left: nothing can be written any more, and every process lives
    disk.leave(0)
    const [entrapment] = await standing('entrapment')
    await until(
      async () => {
        disk.leave(0) // what a database gave back meanwhile
        return (await system.api('POST', `/alarms/${entrapment!.id}/comment`, { text: '还在里面'.repeat(200) })).status === 503
      },
      { timeoutMs: 30_000, what: 'an action that is not taken' },
    )
    expect((await fetch(`${system.url}/healthz`)).status).toBe(200)

    // room again: it goes on by itself, and what was not acknowledged is delivered again
    disk.leave(400)
    await until(() => isAcked('camera under the floor'), { timeoutMs: 30_000, what: 'redelivery' })
    await until(isReady, { timeoutMs: 30_000, what: 'ready again' })
    publish(camera, 'camera at last', { fps: 23 })
    publish(fence, 'touch', { code: 'touch', active: true })
    await until(() => isAcked('camera at last') && isAcked('touch'))
    await until(async () => (await standing('touch')).length === 1)
    expect((await system.api('POST', `/alarms/${entrapment!.id}/acknowledge`)).status).toBe(200)
    const history = camera
      .replace(/^estates/, '/estates')
      .replace(/telemetry$/, `history?fields=fps&from=${startedAt}&to=${Date.now() + 1}&points=2000`)
    const stored = async () => (await system.api<{ fields: { fps: [number, number, number, number][] } }>('GET', history)).body.fields.fps
    await until(async () => new Set((await stored()).flatMap(([, min, , max]) => [min, max])).size === 3, {
      timeoutMs: 20_000,
      what: 'three stored values',
    })
    expect(pids()).toEqual(before)
    expect((await system.stop()).code).toBe(0)
  },
)
