/** Goes once through a recording to know what it is of. */
import { readRecording } from '../broker/journal/recording.ts'
import type { EpochMs } from '../domain/clock.ts'
import { SYSTEM_TOPICS } from '../domain/system.ts'
import { parseDeviceTopic } from '../domain/topic.ts'

export interface RecordingFacts {
  readonly firstAt: EpochMs
  readonly lastAt: EpochMs
  readonly entries: number
  readonly hasTicks: boolean
  readonly estates: ReadonlySet<string>
  /** `<estate>/<kind>/<device>`. */
  readonly devices: ReadonlySet<string>
}

/** @throws RangeError for an empty one, AppError `bad-request` for a line that is none */
export async function readFacts(file: string): Promise<RecordingFacts> {
  const estates = new Set<string>()
  const devices = new Set<string>()
  let [firstAt, lastAt, entries, hasTicks] = [0, 0, 0, false]
  for await (const { receivedAt, topic } of readRecording(file)) {
    if (entries++ === 0) firstAt = receivedAt
    lastAt = Math.max(lastAt, receivedAt)
    hasTicks ||= topic === SYSTEM_TOPICS.tick
    const parsed = parseDeviceTopic(topic)
    if ('wrong' in parsed) continue
    estates.add(parsed.estate)
    devices.add(`${parsed.estate}/${parsed.kind}/${parsed.device}`)
  }
  if (entries === 0) throw new RangeError(`${file} is empty`)
  return { firstAt, lastAt, entries, hasTicks, estates, devices }
}
