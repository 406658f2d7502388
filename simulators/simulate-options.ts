/** The command line of `npm run simulate`, read and checked as a whole. */
import { parseArgs } from 'node:util'
import type { EpochMs } from '../domain/clock.ts'

export const SIMULATE_USAGE = `npm run simulate -- --estate <id or file.yaml> [--scenario <name or file.yaml>] [--seed <n>]
  where to    --host <name> --port <n>     an MQTT broker (default 127.0.0.1 1883); --broker <url> for mqtts:// or ws://
  as whom     --credentials <file.json>    {"<gateway>": {"username", "password"}} (default DATA_DIR/run/simulator-credentials.json;
                                           none: without user name, for a broker that lets anyone in)
              --url <http://…> --password <p> [--username admin] [--rotate]
                                           lets a running Estatewatch make the credentials; --rotate replaces those it has
  how         --seconds <n>                ends after n simulated seconds (default: the scenario's length; without one, Ctrl-C)
              --speed <n>                  simulated seconds a second (default 1); only for devices that are not live
              --start <instant>            first simulated instant, ISO 8601 or epoch ms (default now)
              --print                      writes a recording (as npm run replay takes it) instead of sending
              --plain-broker               the broker is not Estatewatch's: no look at live devices
  meanwhile   a line on standard input is something that happens: elevator#2 alarm-button · fence-zone@437 cut chainage_m=437`

export interface SimulateOptions {
  readonly estate: string
  readonly scenario: string | undefined
  readonly seed: number
  readonly broker: string
  /** Was a broker named, or is it the default one? */
  readonly brokerGiven: boolean
  readonly credentials: string | undefined
  readonly server: { readonly url: string; readonly username: string; readonly password: string; readonly rotate: boolean } | undefined
  readonly seconds: number | undefined
  readonly speed: number
  readonly start: EpochMs | undefined
  readonly print: boolean
  readonly plainBroker: boolean
}

/** @throws RangeError with every fault, a line each */
export function readSimulateOptions(args: readonly string[]): SimulateOptions {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const parsed = parse(args, {
    estate: text,
    scenario: text,
    seed: { ...text, default: '1' },
    host: text,
    port: text,
    broker: text,
    credentials: text,
    url: text,
    username: { ...text, default: 'admin' },
    password: text,
    rotate: flag,
    seconds: text,
    speed: { ...text, default: '1' },
    start: text,
    print: flag,
    'plain-broker': flag,
  })
  const faults: string[] = []
  const number = (name: string, given: string | undefined, min: number, max: number) => {
    if (given === undefined) return undefined
    const value = Number(given)
    if (given.trim() === '' || !(value >= min && value <= max))
      faults.push(`--${name} must be a number from ${min} to ${max} (is ${given})`)
    return value
  }
  const seed = number('seed', parsed.seed, 0, 4_294_967_295)!
  const port = number('port', parsed.port, 1, 65_535) ?? 1883
  const seconds = number('seconds', parsed.seconds, 1, 31_536_000)
  const speed = number('speed', parsed.speed, 0.1, 1000)!
  const start = parsed.start === undefined ? undefined : /^\d+$/.test(parsed.start) ? Number(parsed.start) : Date.parse(parsed.start)
  if (Number.isNaN(start)) faults.push(`--start must be an instant such as 2026-11-24T02:10:00+08:00 (is ${parsed.start})`)
  if (parsed.estate === undefined) faults.push('--estate is missing: an id of estates/examples, or a file')
  if (parsed.broker !== undefined && !/^(mqtts?|wss?):\/\//.test(parsed.broker))
    faults.push('--broker must be an mqtt://, mqtts://, ws:// or wss:// address')
  if (parsed.broker !== undefined && (parsed.host ?? parsed.port) !== undefined)
    faults.push('--broker already says what --host and --port would')
  if (parsed.url !== undefined && parsed.password === undefined) faults.push('--url needs --password')
  if (parsed.url !== undefined && !URL.canParse(parsed.url)) faults.push('--url must be an http:// or https:// address')
  if (parsed.url === undefined && parsed.rotate) faults.push('--rotate needs --url')
  if (speed !== 1 && seconds === undefined && parsed.scenario === undefined)
    faults.push('--speed needs --seconds or --scenario, so that it ends')
  if (speed !== 1 && parsed.url === undefined && !parsed.print && !parsed['plain-broker'])
    faults.push(
      '--speed needs --url and --password, to see that no device of the estate is live; --plain-broker for a broker that is not Estatewatch',
    )
  if (faults.length > 0) throw new RangeError(faults.join('\n'))
  return {
    estate: parsed.estate!,
    scenario: parsed.scenario,
    seed,
    broker: parsed.broker ?? `mqtt://${parsed.host ?? '127.0.0.1'}:${port}`,
    brokerGiven: (parsed.broker ?? parsed.host ?? parsed.port) !== undefined,
    credentials: parsed.credentials,
    server:
      parsed.url === undefined
        ? undefined
        : { url: parsed.url, username: parsed.username, password: parsed.password!, rotate: parsed.rotate },
    seconds,
    speed,
    start,
    print: parsed.print,
    plainBroker: parsed['plain-broker'],
  }
}

/** Node's own message names the option that is wrong. */
function parse<const Options extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message : String(error))
  }
}
