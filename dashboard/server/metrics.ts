/** The figures of `/metrics`, read when somebody asks. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import { isStanding } from '../../domain/alarm.ts'
import { DEVICE_STATUSES } from '../../domain/live.ts'
import { REJECTION_REASONS } from '../../domain/rejection.ts'
import { ROLES } from '../../domain/role-status.ts'
import type { ServerContext } from './context.ts'

export interface Metrics {
  readonly contentType: string
  text(): Promise<string>
}

export function createMetrics(context: ServerContext): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const { live, journal, follower, estates, readiness, deadLetters } = context
  const gauge = (name: string, help: string, read: () => number | null) =>
    new Gauge({ name, help, registers, collect: function () { this.set(read() ?? Number.NaN) } }) // prettier-ignore

  new Counter({
    name: 'estatewatch_rejected_total',
    help: 'Messages and elements of arrays that were rejected, by reason.',
    labelNames: ['reason'],
    registers,
    collect() {
      const counts = deadLetters.counts()
      this.reset()
      for (const reason of REJECTION_REASONS) this.inc({ reason }, counts[reason] ?? 0)
    },
  })
  new Gauge({
    name: 'estatewatch_role_up',
    help: '1 for a role that runs and keeps up.',
    labelNames: ['role'],
    registers,
    collect() {
      const { roles } = readiness()
      for (const role of ROLES) this.set({ role }, roles[role].state === 'running' ? 1 : 0)
    },
  })
  new Gauge({
    name: 'estatewatch_alarms_standing',
    help: 'Standing alarms by priority.',
    labelNames: ['priority'],
    registers,
    collect() {
      for (const priority of [1, 2, 3] as const)
        this.set({ priority }, [...live.alarms.all()].filter((alarm) => alarm.priority === priority && isStanding(alarm)).length)
    },
  })
  new Gauge({
    name: 'estatewatch_devices',
    help: 'Devices by kind and status.',
    labelNames: ['kind', 'status'],
    registers,
    collect() {
      this.reset()
      for (const estate of estates.all())
        for (const device of live.devices(estate))
          for (const status of DEVICE_STATUSES) this.inc({ kind: device.kind, status }, device.status === status ? 1 : 0)
    },
  })
  gauge('estatewatch_journal_head', 'Number of the newest journal entry.', () => journal.head())
  gauge('estatewatch_journal_first', 'Number of the oldest journal entry kept.', () => journal.first())
  gauge('estatewatch_live_behind_entries', 'Journal entries the live state has not seen.', () => follower.lag().entries)
  gauge('estatewatch_live_sockets', 'Open screens.', () => context.sockets())
  gauge('estatewatch_store_lag_seconds', 'How far the telemetry store is behind.', () => toSeconds(readiness().store.lagMs))
  gauge('estatewatch_engine_behind_seconds', 'How far the alarm engine is behind.', () => toSeconds(readiness().engine.behindMs))
  gauge('estatewatch_ready', '1 when the whole line works.', () => (readiness().ready ? 1 : 0))
  return { contentType: registry.contentType, text: () => registry.metrics() }
}

function toSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000
}
