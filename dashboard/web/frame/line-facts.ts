/** The foot's facts: how the line behind the screen is, so that a calm can be believed. */
import type { Estate } from '../../../domain/estate.ts'
import { findDevice } from '../../../domain/estate.ts'
import { age, number } from '../i18n/format.ts'
import { language, nameOf } from '../i18n/language.ts'
import { defineWords } from '../i18n/words.ts'
import type { Coverage } from '../live/coverage.ts'
import { coverageWords, kindShort, kindTrust } from '../live/coverage-words.ts'
import { ENGINE_STOPPED_AFTER_MS } from '../live/band.ts'
import type { LiveEstate } from '../live/use-live-estate.ts'
import type { Fact } from '../parts/fact.ts'

export const factWords = defineWords(
  {
    ok: '正常',
    stopped: '停了',
    behind: '滞后',
    lag: (ms: string) => `滞后 ${ms}`,
    left: (n: string) => `差 ${n} 条`,
    unknown: '不明',
    broker: '消息代理',
    engine: '告警引擎',
    store: '存储',
    feed: '推送',
    cut: (since: string) => `断 ${since}`,
    ago: (since: string) => (/[a-z]$/.test(since) ? `${since} 前` : `${since}前`),
    clock: '本机时钟',
    journal: '日志队列',
  },
  {
    ok: 'ok',
    stopped: 'stopped',
    behind: 'behind',
    lag: (ms) => `lag ${ms}`,
    left: (n) => `${n} left`,
    unknown: 'unknown',
    broker: 'Broker',
    engine: 'Engine',
    store: 'Store',
    feed: 'Feed',
    cut: (since) => `cut ${since}`,
    ago: (since) => `${since} ago`,
    clock: 'Local clock',
    journal: 'Journal',
  },
)

export interface FactsInput {
  readonly coverage: Coverage | undefined
  readonly live: Pick<LiveEstate, 'connection' | 'heardAt' | 'health'>
  readonly estate: Estate | undefined
  /** Server's time and this computer's. */
  readonly now: number
  readonly localNow: number
}

export function lineFacts({ coverage, live, estate, now, localNow }: FactsInput): Fact[] {
  const w = factWords[language.value]
  const c = coverageWords[language.value]
  const kinds = coverage?.kinds ?? []
  const feedAge = seconds(localNow - live.heardAt.value)
  if (live.connection.value !== 'live')
    return [
      { label: w.feed, value: live.connection.value === 'lost' ? w.cut(feedAge) : w.unknown },
      ...[...kinds.map(({ kind }) => kindShort(kind)), w.broker, w.engine, w.store].map((label) => ({ label, value: w.unknown })),
      { label: w.clock, value: w.ok },
    ]
  const health = live.health.value
  const oldest = coverage?.oldest
  const device = oldest && estate && findDevice(estate, oldest.kind, oldest.device)
  return [
    ...kinds.map(({ kind, have, of }) => ({
      label: kindShort(kind),
      value: `${number(have)}/${number(of)}${c.unit(kind)}`,
      more: kindTrust(kind),
    })),
    ...(oldest ? [{ label: c.oldest, value: age(oldest.ageMs), more: device ? nameOf(device) : oldest.device }] : []),
    tickFact(w.broker, health?.tickAt ?? null, now),
    ...(health && health.behind > 0 ? [{ label: w.journal, value: w.left(number(health.behind)) }] : []),
    tickFact(w.engine, health?.engineAt ?? null, now),
    health?.storeLagMs == null ? { label: w.store, value: w.unknown } : storeFact(health.storeLagMs),
    { label: w.feed, value: w.ago(feedAge) },
  ]
}

function tickFact(label: string, at: number | null, now: number): Fact {
  const w = factWords[language.value]
  if (at === null) return { label, value: w.unknown }
  const since = Math.max(0, now - at)
  return { label, value: since > ENGINE_STOPPED_AFTER_MS ? w.stopped : w.ok, more: seconds(since) }
}

function storeFact(lagMs: number): Fact {
  const w = factWords[language.value]
  return { label: w.store, value: lagMs > 10_000 ? w.behind : w.ok, more: w.lag(seconds(lagMs)) }
}

const seconds = (ms: number) => (ms < 10_000 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : age(ms))
