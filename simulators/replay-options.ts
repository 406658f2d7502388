/** The command line of `npm run replay`, read and checked as a whole. */
import { parseArgs } from 'node:util'
import type { RecordingCut } from './cut-recording.ts'
import { REAL_DATA_SETS, type RealDataSet } from './real-data/sets.ts'

export const REPLAY_USAGE = `npm run replay -- <recording.jsonl[.gz]> [--speed <1 to 1000>]
  a recording is what  npm run journal -- export --estate <id> --from <time> --to <time> --out <file>  writes
  on its own      (default) starts a system of its own on a temporary data folder and gives it the recording, times kept
                  --estate-file <file.yaml>   the recording's estate, when it is not one of the examples
                  --http-port <n>             where its screen is (default any free port)
                  --exit                      ends when all is worked off, instead of waiting for Ctrl-C
  into a running  --into <host:port> --url <http://…> --password <p> [--username admin] --credentials <file.json>
  system          publishes what gateways said, as if it were now; only at speed 1 and for devices not heard for 60 s
  only a part     --from <time> --to <time>   ISO 8601 or epoch ms
                  --device <kind>/<id>        may be given several times
  real data       --data <folder> --set <${REAL_DATA_SETS.join(' | ')}>
                  in place of a recording`

export interface ReplayOptions {
  readonly source: { readonly file: string } | { readonly folder: string; readonly set: RealDataSet }
  /** What of it is played; undefined for all. */
  readonly cut: RecordingCut | undefined
  readonly speed: number
  readonly estateFile: string | undefined
  readonly httpPort: number
  readonly exit: boolean
  readonly into:
    | { readonly broker: string; readonly url: string; readonly username: string; readonly password: string; readonly credentials: string }
    | undefined
}

/** @throws RangeError with every fault, a line each */
export function readReplayOptions(args: readonly string[]): ReplayOptions {
  const text = { type: 'string' } as const
  const { values, positionals } = parse(args, {
    speed: { ...text, default: '1' },
    'estate-file': text,
    'http-port': { ...text, default: '0' },
    exit: { type: 'boolean', default: false } as const,
    into: text,
    url: text,
    username: { ...text, default: 'admin' },
    password: text,
    credentials: text,
    data: text,
    set: text,
    from: text,
    to: text,
    device: { type: 'string', multiple: true, default: [] } as const,
  })
  const faults: string[] = []
  const speed = Number(values.speed)
  if (!(speed >= 1 && speed <= 1000)) faults.push(`--speed must be a number from 1 to 1000 (is ${values.speed})`)
  const httpPort = Number(values['http-port'])
  if (!Number.isInteger(httpPort) || httpPort < 0 || httpPort > 65_535) faults.push('--http-port must be a port number')
  const instant = (name: 'from' | 'to') => {
    const given = values[name]
    if (given === undefined) return undefined
    const at = /^\d+$/.test(given) ? Number(given) : Date.parse(given)
    if (Number.isNaN(at)) faults.push(`--${name} must be an instant such as 2026-11-24T02:10:00+08:00 (is ${given})`)
    return at
  }
  const [from, to] = [instant('from'), instant('to')]
  for (const device of values.device)
    if (!/^[a-z0-9-]+\/[a-z0-9-]+$/.test(device)) faults.push(`--device must be <kind>/<id>, such as fence-zone/zone-5 (is ${device})`)
  const set = REAL_DATA_SETS.find((name) => name === values.set)
  if (values.data !== undefined && set === undefined) faults.push(`--data needs --set, one of ${REAL_DATA_SETS.join(', ')}`)
  if (values.data === undefined && values.set !== undefined) faults.push('--set needs --data, the folder that holds the files')
  if (positionals.length + (values.data === undefined ? 0 : 1) !== 1) faults.push('give one recording, or --data and --set')
  if (values.into !== undefined) {
    if (speed !== 1) faults.push('--into goes only at speed 1: the running system has its own clock')
    if (!/^[^:]+:\d+$/.test(values.into)) faults.push('--into must be <host>:<port> of the MQTT listener')
    for (const name of ['url', 'password', 'credentials'] as const) if (values[name] === undefined) faults.push(`--into needs --${name}`)
  }
  if (faults.length > 0) throw new RangeError(faults.join('\n'))
  return {
    source: values.data === undefined ? { file: positionals[0]! } : { folder: values.data, set: set! },
    cut:
      from === undefined && to === undefined && values.device.length === 0
        ? undefined
        : { devices: values.device, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
    speed,
    estateFile: values['estate-file'],
    httpPort,
    exit: values.exit,
    into:
      values.into === undefined
        ? undefined
        : {
            broker: `mqtt://${values.into}`,
            url: values.url!,
            username: values.username,
            password: values.password!,
            credentials: values.credentials!,
          },
  }
}

function parse<const Options extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message : String(error))
  }
}
