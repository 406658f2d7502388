/** Answers what a condition asks beside the device's own words: is it silent, offline, judged to be something, and when to look again. */
import type { EpochMs } from '../domain/clock.ts'
import type { Surroundings, Verdict } from './verdict.ts'
import { standingOf, type Device, type EngineState } from './engine-state.ts'
import { judgedByNeighbours } from './neighbours.ts'
import { intervalOf } from './interval.ts'

export class Look implements Surroundings {
  rule = ''
  readonly afterGap: boolean
  readonly device: string
  wakesAt: EpochMs | undefined
  wakesMs: number | undefined
  /** The shortest silence that was asked for and has not lasted so long yet. */
  silenceMs: number | undefined
  private isUnderWay = false
  private readonly engine: EngineState
  private readonly subject: Device
  private interval: number | undefined

  constructor(engine: EngineState, subject: Device, afterGap: boolean) {
    this.engine = engine
    this.subject = subject
    this.afterGap = afterGap
    this.device = subject.device
  }

  get holdsUntil(): EpochMs {
    return this.subject.state.live.newestAt + this.intervalMs()
  }

  silent(limit: { readonly intervals: number } | { readonly ms: number }): Verdict {
    const { engine, subject } = this
    const { heardMs, graceMs } = subject.state
    if (heardMs === undefined || isGatewayGone(engine, subject)) return undefined
    const interval = this.intervalMs()
    const limitMs = 'ms' in limit ? limit.ms : limit.intervals * interval
    const { countedMs } = engine.clock
    if (countedMs < heardMs + limitMs) {
      if (this.silenceMs === undefined || limitMs < this.silenceMs) this.silenceMs = limitMs
      return false
    }
    // After a time in which nobody listened it has one full interval to be heard.
    const graceEndMs = Math.max(graceMs, engine.clock.graceMs) + interval
    if (graceEndMs <= countedMs || heardMs >= graceEndMs - interval) return true
    this.wakeMs(graceEndMs)
    return undefined
  }

  offline(): Verdict {
    const { availability } = this.subject.state
    return availability && !availability[0]
  }

  judged(name: string): Verdict {
    const { engine, subject } = this
    switch (name) {
      case 'gateway-gone':
        return this.silenceIsTheGateways()
      case 'touched-again':
      case 'fence-alarm-in-view':
      case 'neighbour-camera-lost':
        return judgedByNeighbours(engine, subject, name)
      default:
        return subject.state.flags[name]
    }
  }

  hasAlarm(code: string): boolean {
    const { engine, subject } = this
    const id = standingOf(subject, `${subject.kind}.${code}`)?.alarm
    const record = id === undefined ? undefined : engine.alarms.get(id)
    return record !== undefined && record.active && record.suppression === null
  }

  site(name: string): unknown {
    return this.subject.entry?.site[name]
  }

  group(): Record<string, EpochMs> {
    return (this.engine.groups[`${this.subject.estate}/${this.rule}`] ??= {})
  }

  wakeAt(at: EpochMs): void {
    if (this.wakesAt === undefined || at < this.wakesAt) this.wakesAt = at
  }

  /** From here it answers for this rule. */
  begin(rule: string): void {
    this.rule = rule
    this.isUnderWay = false
  }

  wasUnderWay(): boolean {
    return this.isUnderWay
  }

  underWay(): void {
    this.isUnderWay = true
  }

  private wakeMs(ms: number): void {
    if (this.wakesMs === undefined || ms < this.wakesMs) this.wakesMs = ms
  }

  private intervalMs(): number {
    return (this.interval ??= intervalOf(this.subject))
  }

  /** While the gateway is gone, and after its return until the device was heard or has had time to be. */
  private silenceIsTheGateways(): Verdict {
    const { engine, subject } = this
    if (isGatewayGone(engine, subject)) return true
    const { heardMs = 0, graceMs } = subject.state
    if (graceMs === 0 || heardMs >= graceMs) return false
    const endMs = graceMs + this.intervalMs()
    if (engine.clock.countedMs >= endMs) return false
    this.wakeMs(endMs)
    return true
  }
}

export function isGatewayGone(engine: EngineState, device: Device): boolean {
  const { via } = device.state
  return via !== null && (engine.devices.get(via)?.state.flags['gateway-down'] ?? false)
}
