/** The journal's own time: a tick each second, monotonic over restarts; a jump of the wall clock is said and moves nothing. */
import { SECOND_MS, type EpochMs } from '../domain/clock.ts'
import { SYSTEM_TOPICS, SYSTEM_VERSION, type Tick } from '../domain/system.ts'
import type { BrokerDb } from './broker-db.ts'

/** One tick adds at most this: a suspended machine is no elapsed time. */
const MOST_MS = 2 * SECOND_MS
const JUMP_MS = SECOND_MS
const GAP_MS = 5 * SECOND_MS

export interface TickState {
  readonly at: EpochMs
  readonly elapsedMs: number
  /** The process's own clock at that tick; undefined before the first one after a start. */
  readonly monotonicMs?: number
}

/** Pure: the tick that follows `last` (undefined for the first one ever). */
export function nextTick(
  last: TickState | undefined,
  { at, monotonicMs, intake }: { readonly at: EpochMs; readonly monotonicMs: number; readonly intake: boolean },
): { readonly state: TickState; readonly tick: Tick } {
  const wallMs = last ? at - last.at : 0
  const passedMs = last?.monotonicMs === undefined ? Math.max(0, wallMs) : monotonicMs - last.monotonicMs
  const elapsedMs = Math.round((last?.elapsedMs ?? 0) + Math.min(MOST_MS, passedMs))
  const jumpMs = Math.round(wallMs - passedMs)
  const isGap = last !== undefined && (last.monotonicMs === undefined || passedMs > GAP_MS)
  const tick: Tick = {
    v: SYSTEM_VERSION,
    at,
    elapsedMs,
    intake,
    ...(Math.abs(jumpMs) >= JUMP_MS ? { jumpMs } : {}),
    ...(isGap ? { gapMs: Math.max(0, Math.round(wallMs)) } : {}),
  }
  return { state: { at, elapsedMs, monotonicMs }, tick }
}

export function startTicks(options: {
  readonly append: (topic: string, payload: unknown) => Promise<unknown>
  readonly db: BrokerDb
  readonly now: () => EpochMs
  readonly monotonic: () => number
  readonly intake: () => boolean
  /** Other work of each second. */
  readonly onTick: (tick: Tick) => void
}): { close(): Promise<void> } {
  let last = options.db.getState<TickState>('tick')
  let writing: Promise<unknown> = Promise.resolve()
  let isWriting = false
  const tick = () => {
    if (isWriting) return // the disk is slow: the next one says how long it took
    const next = nextTick(last, { at: options.now(), monotonicMs: options.monotonic(), intake: options.intake() })
    isWriting = true
    writing = options
      .append(SYSTEM_TOPICS.tick, next.tick)
      .then(() => {
        last = next.state
        options.db.putState('tick', { at: last.at, elapsedMs: last.elapsedMs })
      })
      .catch(() => undefined) // disk full: time that was not journaled is a gap in the next one
      .finally(() => {
        isWriting = false
      })
    options.onTick(next.tick)
  }
  tick()
  const timer = setInterval(tick, SECOND_MS)
  return {
    close: async () => {
      clearInterval(timer)
      await writing
    },
  }
}
