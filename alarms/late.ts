/** A message that came late touches no live state, yet may tell of a break-in: latching rules are judged over the late stream by itself. */
import type { DeviceEvent, Reading } from '../domain/reading.ts'
import type { Device } from './engine-state.ts'
import { episodeBegins, episodeEnds, isTold } from './episodes.ts'
import { intervalOf } from './interval.ts'
import { detailOf, suppressionOf } from './judge.ts'
import { Look } from './look.ts'
import type { CompiledRule } from './rule-set.ts'
import { applyEvent, applyReading, viewAt } from './view.ts'
import { openAlarm, raise, step, type Work } from './work.ts'

export function judgeLate(work: Work, device: Device, observation: Reading | DeviceEvent): void {
  if (!device.rules.some(({ rule }) => rule.latch)) return
  const { state } = device
  const at = observation.observedAt
  const intervalMs = intervalOf(device)
  let view = state.late
  const gapMs = view ? at - view.newestAt : 0
  // One that is older still begins a stream of its own.
  if (!view || gapMs < 0 || gapMs > 10 * intervalMs) {
    view = viewAt(state.live, at)
    state.lateMemory = {}
  }
  const memory = (state.lateMemory ??= {})
  const afterGap = view.telemetryAt > 0 && at - view.telemetryAt > 2 * intervalMs
  if (observation.type === 'reading') applyReading(view, observation, device.bits)
  else applyEvent(view, observation)
  state.late = view
  const look = new Look(work.engine, { ...device, state: { ...state, live: view } }, afterGap)
  for (const [place, rule] of device.rules.entries()) {
    if (!rule.rule.latch) continue
    try {
      look.begin(rule.rule.id)
      const slots = (memory[rule.rule.id] ??= [])
      if (rule.when(view, slots, at, look) !== true) continue
      if (suppressionOf(rule, { view, slots, at, look }, null)) continue
      const ruleState = (device.standing[place] ??= {})
      if (openAlarm(work.engine, ruleState) || isTold(ruleState, at, { nearMs: 2 * intervalMs })) continue
      raiseLate(work, device, { rule, place, at })
    } catch (error) {
      work.failures.push({ rule: rule.rule.id, device: device.key, error })
    }
  }
}

/** Raised, and returned at once: what is newer has already shown it gone. */
function raiseLate(
  work: Work,
  device: Device,
  { rule, place, at }: { readonly rule: CompiledRule; readonly place: number; readonly at: number },
): void {
  const { state } = device
  const ruleState = device.standing[place]!
  episodeBegins(ruleState, at)
  const record = raise(work, device, rule.rule, {
    priority: rule.rule.priority,
    detail: { ...detailOf(device, rule, state.late!), observed_at: at },
    suppressedBy: null,
    late: true,
  })
  ruleState.alarm = record.alarm.id
  const look = new Look(work.engine, device, false)
  look.begin(rule.rule.id)
  if (rule.when(state.live, device.memory[place]!, state.live.newestAt, look) === true) return
  episodeEnds(ruleState, at)
  step(work, record, { type: 'condition', active: false })
}
