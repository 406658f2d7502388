/** The rules of the settings, in plain JavaScript without dependencies: start.mjs needs them before anything is installed. */

const port = (name, fallback) => ({
  name,
  fallback,
  read: (text) => (/^\d{1,5}$/.test(text) && +text <= 65535 ? { value: +text } : { rule: 'must be a port number from 0 to 65535' }),
})
const whole = (name, fallback, min, max) => ({
  name,
  fallback,
  read: (text) =>
    /^\d{1,9}$/.test(text) && +text >= min && +text <= max ? { value: +text } : { rule: `must be a whole number from ${min} to ${max}` },
})
const number = (name, fallback, min, max) => ({
  name,
  fallback,
  read: (text) =>
    /^\d+(\.\d+)?$/.test(text) && +text >= min && +text <= max ? { value: +text } : { rule: `must be a number from ${min} to ${max}` },
})
const words = (name, fallback, allowed) => ({
  name,
  fallback,
  read: (text) => (allowed.includes(text) ? { value: text } : { rule: `must be one of ${allowed.join(', ')}` }),
})
const text = (name, options = {}) => ({
  name,
  fallback: options.fallback,
  secret: options.secret,
  read: (value) =>
    value.length < (options.min ?? 1)
      ? { rule: options.min ? `must have at least ${options.min} characters` : 'must not be empty' }
      : { value },
})
const url = (name) => ({
  name,
  secret: true, // a password may stand in it by mistake
  read: (value) => {
    if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) return { rule: 'must be an http:// or https:// address' }
    const parsed = new URL(value)
    if (parsed.username || parsed.password) return { rule: 'must hold no user name or password; they have variables of their own' }
    return { value: value.replace(/\/+$/, '') }
  },
})

/** Each setting: its variable, its default, and a reader that gives a value or the rule that is broken. */
export const SETTINGS = [
  {
    name: 'HOST',
    fallback: '127.0.0.1',
    read: (value) => (/^[0-9a-zA-Z.:-]+$/.test(value) ? { value } : { rule: 'must be an address or a host name' }),
  },
  port('HTTP_PORT', 8080),
  port('MQTT_PORT', 1883),
  port('MQTT_TLS_PORT'),
  port('MQTT_WS_PORT'),
  port('HTTPS_PORT'),
  text('TLS_CERT'),
  text('TLS_KEY'),
  text('TLS_CA'),
  url('PUBLIC_URL'),
  words('TRUST_PROXY', 'off', ['on', 'off']),
  text('DATA_DIR', { fallback: './data' }),
  {
    name: 'SIMULATE',
    fallback: 'auto',
    read: (value) => (/^[a-z0-9-]{1,64}$/.test(value) ? { value } : { rule: 'must be auto, off, or the name of a scenario' }),
  },
  text('ADMIN_PASSWORD', { secret: true, min: 12 }),
  url('INFLUX_URL'),
  text('INFLUX_DB'),
  text('INFLUX_USER'),
  text('INFLUX_PASSWORD', { secret: true }),
  text('INFLUX_TOKEN', { secret: true }),
  text('INFLUX_ORG'),
  text('INFLUX_BUCKET'),
  number('JOURNAL_DAYS', 7, 0.01, 3650),
  number('JOURNAL_GIB', 10, 0.01, 100000),
  whole('DISK_FLOOR_MIB', 512, 64, 1000000),
  whole('RAW_DAYS', 30, 0, 3650),
  whole('MINUTE_DAYS', 730, 1, 36500),
  text('METRICS_TOKEN', { secret: true, min: 16 }),
  words('LOG_LEVEL', 'info', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
]

/** Settings that only make sense together. */
const TOGETHER = [
  (has) =>
    has('INFLUX_URL') &&
    !has('INFLUX_DB') &&
    !has('INFLUX_TOKEN') && ['INFLUX_URL', 'needs INFLUX_DB (InfluxDB 1.x) or INFLUX_TOKEN, INFLUX_ORG and INFLUX_BUCKET (2.x)'],
  (has) => has('INFLUX_DB') && has('INFLUX_TOKEN') && ['INFLUX_DB', 'is for InfluxDB 1.x and INFLUX_TOKEN for 2.x; set one of them'],
  (has) => !has('INFLUX_URL') && (has('INFLUX_DB') || has('INFLUX_TOKEN')) && ['INFLUX_URL', 'must be set with INFLUX_DB or INFLUX_TOKEN'],
  (has) =>
    has('INFLUX_TOKEN') && !(has('INFLUX_ORG') && has('INFLUX_BUCKET')) && ['INFLUX_TOKEN', 'needs INFLUX_ORG and INFLUX_BUCKET beside it'],
  (has) => has('INFLUX_USER') !== has('INFLUX_PASSWORD') && ['INFLUX_USER', 'and INFLUX_PASSWORD go together'],
  (has) => has('TLS_CERT') !== has('TLS_KEY') && ['TLS_CERT', 'and TLS_KEY go together'],
  (has) =>
    (has('MQTT_TLS_PORT') || has('HTTPS_PORT')) &&
    !has('TLS_CERT') && ['TLS_CERT', 'and TLS_KEY must be set for MQTT_TLS_PORT or HTTPS_PORT'],
  (has) => has('TLS_CA') && !has('TLS_CERT') && ['TLS_CA', 'needs TLS_CERT and TLS_KEY'],
]

/**
 * Reads all settings. Values of secrets never appear in a fault.
 * @param {Record<string, string | undefined>} env
 * @returns {{ values: Record<string, string | number | undefined>, faults: { name: string, rule: string }[] }}
 */
export function readSettings(env) {
  const values = {}
  const faults = []
  for (const setting of SETTINGS) {
    const given = env[setting.name]
    if (given === undefined) {
      values[setting.name] = setting.fallback
      continue
    }
    const { value, rule } = setting.read(given)
    if (rule) faults.push({ name: setting.name, rule: setting.secret ? rule : `${rule} (is ${JSON.stringify(given.slice(0, 60))})` })
    else values[setting.name] = value
  }
  const has = (name) => env[name] !== undefined
  for (const check of TOGETHER) {
    const fault = check(has)
    if (fault) faults.push({ name: fault[0], rule: fault[1] })
  }
  const ports = ['HTTP_PORT', 'MQTT_PORT', 'MQTT_TLS_PORT', 'MQTT_WS_PORT', 'HTTPS_PORT'].filter((name) => values[name])
  for (const [i, name] of ports.entries())
    for (const other of ports.slice(i + 1))
      if (values[name] === values[other]) faults.push({ name: other, rule: `must differ from ${name} (both are ${values[name]})` })
  return { values, faults }
}

/** EX_CONFIG of sysexits.h: the supervisor and service managers know it as "do not start again". */
export const EXIT_BAD_SETTINGS = 78
