/** Lets one estate's simulated devices live by the clock and publishes what they say, each through its own gateway's connection. */
import type { InputOptions } from '../devices/simulation.ts'
import { systemClock, type EpochMs } from '../domain/clock.ts'
import { credentialUsername } from '../domain/credential.ts'
import type { Estate, EstateDevice } from '../domain/estate.ts'
import { deviceTopic, parseDeviceTopic } from '../domain/topic.ts'
import { connectionOf, startEstateLife, type DeviceMessage } from './estate-life.ts'
import type { Simulations } from './load-simulations.ts'
import { startVirtualGateway, type Login, type VirtualGateway } from './virtual-gateway.ts'

const TICK_MS = 100
/** A gateway that cannot connect does not hold the others for longer. */
const LONGEST_WAIT_MS = 5000
/** A fast run waits for its broker rather than fill the memory. */
const MOST_IN_FLIGHT = 2000

export interface TimedInput {
  /** By the simulated clock; an instant that has passed means now. */
  readonly at: EpochMs
  readonly device: EstateDevice
  readonly name: string
  readonly options: InputOptions
  readonly isCancelled?: () => boolean
}

export interface VirtualEstate {
  readonly estate: Estate
  now(): EpochMs
  /** Resolves when the first message that tells of it was acknowledged, with the instant it was sent (real time). @throws RangeError */
  schedule(input: TimedInput): Promise<EpochMs>
  /** Resolves when every gateway has been connected once. */
  connected(): Promise<void>
  /** Resolves when nothing waits and nothing is in flight. */
  drained(): boolean
  /** Published and acknowledged so far. */
  acknowledged(): number
  close(): Promise<void>
}

export interface VirtualEstateOptions {
  readonly estate: Estate
  readonly simulations: Simulations
  readonly seed: number
  readonly url: string
  /** By gateway (or `<kind>/<device>`); a connection without one is not made, unless `anonymous`. */
  readonly logins: Readonly<Record<string, Login>>
  readonly anonymous?: boolean
  /** Where the simulated clock starts; now unless told. */
  readonly startAt?: EpochMs
  readonly lifeOffsetMs?: number
  readonly speed?: number
  onTrouble(message: string): void
}

export function startVirtualEstate(options: VirtualEstateOptions): VirtualEstate {
  const { estate } = options
  const speed = options.speed ?? 1
  const startAt = options.startAt ?? systemClock()
  const life = startEstateLife({ ...options, startAt })
  const inputs: (TimedInput & { readonly done: (at: EpochMs) => void; readonly failed: (error: unknown) => void })[] = []
  let began: EpochMs | undefined
  let acknowledged = 0
  const troubles = new Set<string>()

  const open = (connection: string): VirtualGateway => {
    const [kind, device] = connection.includes('/') ? connection.split('/') : ['gateway', connection]
    const owner = { estate: estate.id, kind: kind!, device: device! }
    const own =
      kind === 'gateway' ? ({ type: 'gateway', estate: estate.id, gateway: connection } as const) : ({ type: 'device', ...owner } as const)
    const commandFilter = kind === 'gateway' ? `estates/${estate.id}/+/+/command` : deviceTopic({ ...owner, channel: 'command' })
    return startVirtualGateway({
      url: options.url,
      clientId: credentialUsername(own),
      login: options.logins[connection],
      availabilityTopic: deviceTopic({ ...owner, channel: 'availability' }),
      present: () => {
        tellQueued(connection)
        return life.present(connection)
      },
      commands: { filter: commandFilter, onCommand: (topic, payload) => void command(connection, topic, payload) },
      onTrouble: (message) => {
        const text = `${connection} of ${estate.id}: ${message}`
        if (!troubles.has(text)) options.onTrouble(text)
        troubles.add(text)
      },
    })
  }
  const lines = new Map(
    life.connections.filter((name) => options.anonymous === true || options.logins[name] !== undefined).map((name) => [name, open(name)]),
  )

  /** @returns when the first of them was acknowledged; undefined when there was none to send */
  const publish = (messages: readonly DeviceMessage[]): Promise<EpochMs> | undefined => {
    let first: Promise<EpochMs> | undefined
    for (const message of messages) {
      const sent = lines.get(message.connection)?.publish(message)
      void sent?.then(() => acknowledged++)
      first ??= sent
    }
    return first
  }

  /** A box counts what waits in it. */
  const toldQueued = new Map<string, number>()
  function tellQueued(connection: string): void {
    const box = estate.devices.find(({ kind, id }) => kind === 'gateway' && id === connection)
    const messages = lines.get(connection)?.queued() ?? 0
    if (!box || messages === (toldQueued.get(connection) ?? 0)) return
    toldQueued.set(connection, messages)
    void publish(life.input(box, 'queued', { messages }))
  }

  const apply = ({ device, name, options: inputOptions }: TimedInput): Promise<EpochMs> => {
    if (device.kind === 'gateway' && (name === 'lost' || name === 'back')) {
      const line = lines.get(device.id)
      if (!line) throw new RangeError(`gateway ${device.id} has no credential here`)
      if (name === 'lost') return Promise.resolve(line.lose())
      line.restore()
      return Promise.resolve(systemClock())
    }
    if (!lines.has(connectionOf(device)))
      throw new RangeError(`${device.kind} ${device.id} is behind a gateway that has no credential here`)
    return publish(life.input(device, name, inputOptions)) ?? Promise.resolve(systemClock())
  }

  /** Devices live on from the moment the gateways have had their chance to connect. */
  const now = () => (began === undefined ? startAt : Math.round(startAt + (systemClock() - began) * speed))
  const tick = () => {
    if (began === undefined) return
    if ([...lines.values()].reduce((sum, line) => sum + line.inFlight(), 0) > MOST_IN_FLIGHT) return
    const to = now()
    for (let next = inputs[0]; next && next.at <= to; next = inputs[0]) {
      inputs.shift()
      if (next.isCancelled?.()) {
        next.done(next.at)
        continue
      }
      void publish(life.advance(next.at))
      try {
        apply(next).then(next.done, next.failed)
      } catch (error) {
        next.failed(error)
      }
    }
    void publish(life.advance(to))
    for (const connection of lines.keys()) tellQueued(connection)
  }
  const timer = setInterval(tick, TICK_MS)
  const begin = () => {
    began ??= systemClock()
  }
  const connected = Promise.all([...lines.values()].map((line) => line.connected())).then(begin)
  const impatience = setTimeout(begin, LONGEST_WAIT_MS)

  return {
    estate,
    now,
    schedule: (input) =>
      new Promise((done, failed) => {
        const at = inputs.findIndex((other) => other.at > input.at)
        inputs.splice(at < 0 ? inputs.length : at, 0, { ...input, done, failed })
        if (input.at <= now()) tick()
      }),
    connected: () => connected,
    drained: () => [...lines.values()].every((line) => line.queued() === 0 && line.inFlight() === 0),
    acknowledged: () => acknowledged,
    close: async () => {
      clearInterval(timer)
      clearTimeout(impatience)
      await Promise.all([...lines.values()].map((line) => line.close()))
    },
  }

  async function command(connection: string, topic: string, payload: Buffer): Promise<void> {
    const parsed = parseDeviceTopic(topic)
    if ('wrong' in parsed) return
    const device = estate.devices.find(({ kind, id }) => kind === parsed.kind && id === parsed.device)
    if (!device || connectionOf(device) !== connection) return // another gateway's
    const answer = deviceTopic({ ...parsed, channel: 'command/result' })
    const result = (id: unknown, ok: boolean, detail: string) =>
      lines.get(connection)!.publish({ topic: answer, payload: JSON.stringify({ id, ok, detail }), retain: false })
    const asked = readCommand(payload)
    if (!asked) {
      await result(null, false, 'not a command: {id, action}')
      return
    }
    try {
      void publish(life.input(device, asked.action, asked.options))
      await result(asked.id, true, '')
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      await result(asked.id, false, error.message)
    }
  }
}

function readCommand(payload: Buffer): { readonly id: unknown; readonly action: string; readonly options: InputOptions } | undefined {
  try {
    const { id, action, ...options } = JSON.parse(payload.toString()) as { id?: unknown; action?: unknown } & InputOptions
    return typeof action === 'string' ? { id, action, options } : undefined
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}
