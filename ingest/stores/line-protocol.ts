/** Puts points into InfluxDB's line protocol, which both of its versions take: `measurement,tag=… field=… micros`. */
import type { FieldValue, FieldValues } from '../../domain/device-kind.ts'
import type { TelemetryPoint } from '../../domain/telemetry.ts'
import type { InfluxPoint } from './influx-server.ts'
import { microsWithin } from './schema.ts'

/** Numbers are written without a suffix, so they are always floats: InfluxDB would insist on a first whole number. */
export function toLine({ measurement, tags, fields, micros }: InfluxPoint): string {
  return `${headOf(measurement, tags)}${toFields(fields)} ${micros}`
}

/** Writes points of devices line by line; what stands before the fields is made once for each device. */
export function makeLineMaker(): (point: TelemetryPoint) => string {
  const heads = new Map<string, Map<string, Map<string, string>>>() // measurement → estate → device
  const headFor = ({ measurement, estate, device }: TelemetryPoint): string => {
    const estates = mapIn(heads, measurement)
    const devices = mapIn(estates, estate)
    let head = devices.get(device)
    if (head === undefined) devices.set(device, (head = headOf(measurement, { estate, device })))
    return head
  }
  return (point) => {
    const within = microsWithin(point)
    const micros = point.ts >= 0 && within === 0 ? `${point.ts}000` : String(point.ts * 1000 + within)
    return `${headFor(point)}${toFields(point.values)} ${micros}`
  }
}

function mapIn<V>(maps: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let found = maps.get(key)
  if (!found) maps.set(key, (found = new Map<string, V>()))
  return found
}

function headOf(measurement: string, tags: Readonly<Record<string, string>>): string {
  let head = escape(measurement)
  for (const name in tags) head += `,${name}=${escape(tags[name]!)}`
  return `${head} `
}

/** The names are those of the schema: letters, digits and `_`. */
function toFields(fields: FieldValues): string {
  const parts: string[] = []
  for (const name in fields) parts.push(`${name}=${toValue(fields[name]!)}`)
  return parts.join(',')
}

function toValue(value: FieldValue): string {
  if (typeof value === 'boolean') return value ? 'T' : 'F'
  if (typeof value === 'number') return String(value)
  return `"${/["\\]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"') : value}"`
}

/** In names and tags a comma, an equals sign or a space would end them; a line break the line. */
function escape(text: string): string {
  return /[,= \n\\]/.test(text) ? text.replaceAll('\n', ' ').replace(/[,= ]/g, '\\$&') : text
}
