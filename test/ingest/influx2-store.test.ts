import { afterAll, expect, it } from 'vitest'
import { openInflux2Store } from '../../ingest/stores/influx2-store.ts'
import { startStrictInflux2, STRICT, type StrictInflux2 } from '../support/strict-influx2.ts'
import { describeStore, lift, T0 } from './store-suite.ts'

let strict: StrictInflux2 | undefined
describeStore('InfluxDB 2.x (a strict stand-in)', async () => {
  const server = (strict = await startStrictInflux2())
  const open = async () => openInflux2Store({ url: server.url, ...STRICT, rawDays: 30, minuteDays: 730 })
  return {
    open,
    close: async () => {
      expect(server.complaints).toEqual([])
      expect([...server.retention]).toEqual([
        ['telemetry', 30 * 86_400],
        ['telemetry_minutes', 730 * 86_400],
      ])
      await server.close()
    },
  }
})

it('says what is wrong when the token is refused or the server is away', async () => {
  const server = await startStrictInflux2()
  const store = openInflux2Store({ url: server.url, ...STRICT, token: 'another', rawDays: 30, minuteDays: 730 })
  await expect(store.write([lift('d', T0, { floor: 1 })], 1)).rejects.toMatchObject({ code: 'store-down' })
  await server.close()
  await expect(store.cursor()).rejects.toMatchObject({ code: 'store-down' })
  await store.close()
})

afterAll(async () => strict?.close().catch(() => undefined))
