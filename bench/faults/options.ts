/** The command line of `npm run faults`. */
import { parseArgs } from 'node:util'

export const FAULTS_USAGE = `npm run faults -- [--kills 60] [--seed 1] [--rate 2000] [--influx]
  kills the roles, the supervisor and (with --influx) a real influxd with -9 at moments that follow from the seed,
  while MQTT clients in a process of their own publish at --rate messages a second, QoS 1, and alarms come and go.
  60 kills take less than 6 minutes; every 100 more take about 7.`

export interface FaultOptions {
  readonly kills: number
  readonly seed: number
  /** Messages a second. */
  readonly rate: number
  /** Telemetry goes to a real influxd, which is killed as well. */
  readonly influx: boolean
  /** Mean time from one kill to the next. */
  readonly meanGapMs?: number
}

/** @throws RangeError with every fault, a line each */
export function readFaultOptions(args: readonly string[]): FaultOptions {
  const text = { type: 'string' } as const
  const { values } = parse(args, {
    kills: { ...text, default: '60' },
    seed: { ...text, default: '1' },
    rate: { ...text, default: '2000' },
    influx: { type: 'boolean', default: false } as const,
  })
  const [kills, seed, rate] = [Number(values.kills), Number(values.seed), Number(values.rate)]
  const faults: string[] = []
  if (!Number.isInteger(kills) || kills < 1 || kills > 10_000) faults.push('--kills must be a whole number from 1 to 10,000')
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) faults.push('--seed must be a whole number from 0 to 4,294,967,295')
  if (!Number.isInteger(rate) || rate < 10 || rate > 20_000) faults.push('--rate must be a whole number from 10 to 20,000')
  if (faults.length > 0) throw new RangeError(faults.join('\n'))
  return { kills, seed, rate, influx: values.influx }
}

function parse<const Options extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, strict: true })
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message : String(error))
  }
}
