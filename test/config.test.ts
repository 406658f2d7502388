import { describe, expect, it } from 'vitest'
import { readSettings, SETTINGS } from '../config.mjs'
import { BadSettings, readConfig } from '../config.ts'

const faultsOf = (env: Record<string, string>) => readSettings(env).faults.map(({ name, rule }) => `${name} ${rule}`)

describe('settings', () => {
  it('without any variable give the documented defaults and the embedded store', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      httpPort: 8080,
      mqttPort: 1883,
      simulate: 'auto',
      store: { type: 'sqlite' },
      journalDays: 7,
      journalGib: 10,
      diskFloorMib: 512,
      rawDays: 30,
      minuteDays: 730,
      logLevel: 'info',
    })
  })

  it('choose InfluxDB 1.x by INFLUX_DB and 2.x by INFLUX_TOKEN', () => {
    expect(readConfig({ INFLUX_URL: 'http://localhost:8086/', INFLUX_DB: 'estates' }).store).toEqual({
      type: 'influx1',
      url: 'http://localhost:8086',
      database: 'estates',
    })
    expect(readConfig({ INFLUX_URL: 'http://localhost:8086', INFLUX_TOKEN: 't', INFLUX_ORG: 'o', INFLUX_BUCKET: 'b' }).store).toEqual({
      type: 'influx2',
      url: 'http://localhost:8086',
      token: 't',
      org: 'o',
      bucket: 'b',
    })
  })

  it('names every bad variable at once with its rule', () => {
    const env = { HTTP_PORT: 'eighty', MQTT_PORT: '70000', JOURNAL_DAYS: '-1', LOG_LEVEL: 'loud', SIMULATE: 'A B', INFLUX_TOKEN: 'x' }
    const faults = faultsOf(env)
    for (const name of ['HTTP_PORT', 'MQTT_PORT', 'JOURNAL_DAYS', 'LOG_LEVEL', 'SIMULATE', 'INFLUX_URL', 'INFLUX_TOKEN'])
      expect(faults.some((fault) => fault.startsWith(`${name} `))).toBe(true)
    expect(() => readConfig(env)).toThrow(BadSettings)
  })

  it('never repeat the value of a secret', () => {
    const secret = 'hunter2-hunter'
    const faults = faultsOf({
      ADMIN_PASSWORD: secret.slice(0, 8),
      METRICS_TOKEN: secret.slice(0, 9),
      INFLUX_URL: `http://user:${secret}@host`,
    })
    expect(faults).toHaveLength(4)
    expect(faults.join()).not.toContain('hunter2')
  })

  it('refuse two listeners on one port', () => {
    expect(faultsOf({ HTTP_PORT: '1883' })).toEqual(['MQTT_PORT must differ from HTTP_PORT (both are 1883)'])
  })

  it.each([
    [{ TLS_CERT: 'a.pem' }, 'TLS_CERT'],
    [{ MQTT_TLS_PORT: '8883' }, 'TLS_CERT'],
    [{ INFLUX_URL: 'http://x' }, 'INFLUX_URL'],
    [{ INFLUX_URL: 'ftp://x', INFLUX_DB: 'a' }, 'INFLUX_URL'],
    [{ INFLUX_URL: 'http://x', INFLUX_DB: 'a', INFLUX_USER: 'u' }, 'INFLUX_USER'],
    [{ INFLUX_URL: 'http://x', INFLUX_DB: 'a', INFLUX_TOKEN: 't', INFLUX_ORG: 'o', INFLUX_BUCKET: 'b' }, 'INFLUX_DB'],
  ])('that only make sense together are refused alone: %o', (env, name) => {
    expect(faultsOf(env as Record<string, string>).map((fault) => fault.split(' ')[0])).toContain(name)
  })

  it('are each refused when empty', () => {
    for (const { name } of SETTINGS) expect(faultsOf({ [name]: '' }).join('\n')).toContain(name)
  })
})
