import { describe, expect, it } from 'vitest'
import type { Alarm } from '../../domain/alarm.ts'
import { deviceTopic } from '../../domain/topic.ts'
import { scenarioNames, readScenario } from '../../simulators/scenario-files.ts'
import type { AlarmExpectation } from '../../simulators/scenario.ts'
import { parseSelector, selectDevices } from '../../simulators/selector.ts'
import { parse, playScenario, type Played } from './play.ts'
import { readExample } from './support.ts'

/** The store's outage is not the devices': the acceptance in the browser plays it with a real store. */
const PLAYED = scenarioNames().filter((name) => readScenario(name).outside.length === 0)

function isOf(alarm: Alarm, expected: AlarmExpectation, estate: string): boolean {
  if (alarm.code !== expected.code) return false
  if (expected.device === 'system') return alarm.kind === 'system'
  const devices = selectDevices(parseSelector(expected.device)!, readExample(estate))
  return devices.some(({ kind, id }) => kind === alarm.kind && id === alarm.device)
}

/** What the desk showed of an expected alarm at that second: the last transition whose cause was then in the past. */
function onDeskBy({ transitions, startAt, scenario }: Played, expected: AlarmExpectation, second: number): Alarm | undefined {
  const at = startAt + second * 1000
  return transitions
    .filter((alarm) => isOf(alarm, expected, scenario.estate) && alarm.raisedAt <= at && (alarm.returnedAt ?? 0) <= at)
    .filter(({ priority }) => expected.priority === undefined || priority === expected.priority)
    .at(-1)
}

function newestReading({ entries, scenario, startAt }: Played, selector: string, second: number): Record<string, unknown> {
  const device = selectDevices(parseSelector(selector)!, readExample(scenario.estate))[0]!
  const topic = deviceTopic({ estate: scenario.estate, kind: device.kind, device: device.id, channel: 'telemetry' })
  return parse(entries.filter((entry) => entry.topic === topic && entry.receivedAt <= startAt + second * 1000).at(-1)!.payload)
}

describe('through the real journal and alarm engine', { timeout: 240_000 }, () => {
  it.each(PLAYED)('%s puts on the desk what its file says, by the second it says, and nothing it forbids', async (name) => {
    const played = await playScenario(name)
    const { scenario, transitions } = played
    for (const { by, alarm, reading } of scenario.expect) {
      if (alarm) {
        const shown = onDeskBy(played, alarm, by)
        expect(shown, `${alarm.code} of ${alarm.device} by second ${by}; there were ${summary(played)}`).toBeDefined()
        if (alarm.state !== undefined) expect(shown!.state, `${alarm.code} at second ${by}`).toBe(alarm.state)
        if (alarm.detail) expect(shown!.detail).toMatchObject(alarm.detail)
      }
      if (reading) expect(newestReading(played, reading.device, by)).toMatchObject(reading.is)
    }
    const forbidden = transitions.filter((alarm) => scenario.never.some((never) => isOf(alarm, never.alarm, scenario.estate)))
    expect(forbidden.map(({ code, device, raisedAt }) => `${code} of ${device} at second ${(raisedAt - played.startAt) / 1000}`)).toEqual(
      [],
    )
  })
})

function summary({ transitions, startAt }: Played): string {
  return transitions
    .map(({ code, device, state, priority, raisedAt }) => `${(raisedAt - startAt) / 1000} s P${priority} ${code} ${device} ${state}`)
    .join('; ')
}
