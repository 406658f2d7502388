/** The settings as one frozen object; the only place that reads `process.env`. */
import { resolve } from 'node:path'
import process from 'node:process'
import { readSettings } from './config.mjs'

export interface Config {
  readonly host: string
  readonly httpPort: number
  readonly httpsPort?: number
  readonly mqttPort: number
  readonly mqttTlsPort?: number
  readonly mqttWsPort?: number
  /** Paths of PEM files. */
  readonly tls?: { readonly certPath: string; readonly keyPath: string; readonly caPath?: string }
  readonly publicUrl?: string
  readonly trustProxy: boolean
  readonly dataDir: string
  readonly simulate: string
  readonly adminPassword?: string
  readonly store: StoreConfig
  readonly journalDays: number
  readonly journalGib: number
  readonly diskFloorMib: number
  readonly rawDays: number
  readonly minuteDays: number
  readonly metricsToken?: string
  readonly logLevel: string
}

export type StoreConfig =
  | { readonly type: 'sqlite' }
  | { readonly type: 'influx1'; readonly url: string; readonly database: string; readonly username?: string; readonly password?: string }
  | { readonly type: 'influx2'; readonly url: string; readonly token: string; readonly org: string; readonly bucket: string }

/** Raised with every bad variable at once; values of secrets are not in it. */
export class BadSettings extends Error {
  readonly faults: readonly { name: string; rule: string }[]
  constructor(faults: readonly { name: string; rule: string }[]) {
    super(faults.map(({ name, rule }) => `${name} ${rule}`).join('\n'))
    this.faults = faults
  }
}

/** @throws BadSettings */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const { values, faults } = readSettings(env)
  if (faults.length > 0) throw new BadSettings(faults)
  const text = (name: string) => values[name] as string
  const optional = <T extends string | number>(key: string, name: string) =>
    values[name] === undefined ? {} : { [key]: values[name] as T }
  return Object.freeze({
    host: text('HOST'),
    httpPort: values['HTTP_PORT'] as number,
    mqttPort: values['MQTT_PORT'] as number,
    ...optional<number>('httpsPort', 'HTTPS_PORT'),
    ...optional<number>('mqttTlsPort', 'MQTT_TLS_PORT'),
    ...optional<number>('mqttWsPort', 'MQTT_WS_PORT'),
    ...(values['TLS_CERT'] === undefined
      ? {}
      : { tls: { certPath: text('TLS_CERT'), keyPath: text('TLS_KEY'), ...optional<string>('caPath', 'TLS_CA') } }),
    ...optional<string>('publicUrl', 'PUBLIC_URL'),
    trustProxy: values['TRUST_PROXY'] === 'on',
    dataDir: resolve(text('DATA_DIR')),
    simulate: text('SIMULATE'),
    ...optional<string>('adminPassword', 'ADMIN_PASSWORD'),
    store: readStore(values),
    journalDays: values['JOURNAL_DAYS'] as number,
    journalGib: values['JOURNAL_GIB'] as number,
    diskFloorMib: values['DISK_FLOOR_MIB'] as number,
    rawDays: values['RAW_DAYS'] as number,
    minuteDays: values['MINUTE_DAYS'] as number,
    ...optional<string>('metricsToken', 'METRICS_TOKEN'),
    logLevel: text('LOG_LEVEL'),
  })
}

function readStore(values: Record<string, string | number | undefined>): StoreConfig {
  const text = (name: string) => values[name] as string
  if (values['INFLUX_TOKEN'] !== undefined)
    return { type: 'influx2', url: text('INFLUX_URL'), token: text('INFLUX_TOKEN'), org: text('INFLUX_ORG'), bucket: text('INFLUX_BUCKET') }
  if (values['INFLUX_DB'] !== undefined)
    return {
      type: 'influx1',
      url: text('INFLUX_URL'),
      database: text('INFLUX_DB'),
      ...(values['INFLUX_USER'] === undefined ? {} : { username: text('INFLUX_USER'), password: text('INFLUX_PASSWORD') }),
    }
  return { type: 'sqlite' }
}
