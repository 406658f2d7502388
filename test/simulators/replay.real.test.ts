import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeviceState } from '../../domain/live.ts'
import { builtFile } from '../../project-root.ts'
import { refuseLiveDevices } from '../../simulators/live-check.ts'
import { recordLife } from '../../simulators/record-life.ts'
import { readRecording } from '../../broker/journal/recording.ts'
import { writeCut } from '../../simulators/cut-recording.ts'
import { readFacts } from '../../simulators/recording-facts.ts'
import { replayInto } from '../../simulators/replay-into.ts'
import type { RestClient } from '../../simulators/rest-client.ts'
import { lifeOffset } from '../../simulators/plan-scenario.ts'
import { readScenario } from '../../simulators/scenario-files.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { MIDNIGHT, simulations, yangqu760 } from './support.ts'

const temp = makeTempDir()
const recording = join(temp.path, 'intrusion.jsonl')
const run = async (args: readonly string[]) => {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [builtFile('simulators/replay'), ...args])
    return { code: 0, text: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { readonly code: number; readonly stdout: string; readonly stderr: string }
    return { code, text: stdout + stderr }
  }
}

beforeAll(() => {
  const scenario = readScenario('intrusion')
  const life = { estate: yangqu760, simulations, seed: 7, startAt: MIDNIGHT, lifeOffsetMs: lifeOffset(scenario, MIDNIGHT) }
  writeFileSync(recording, [...recordLife({ ...life, scenario, lengthMs: 240_000 })].join('\n'))
})
afterAll(() => temp.remove())

describe('a replay', { timeout: 180_000 }, () => {
  it('runs its own system, derives the ticks, keeps the times and raises the alarms of the recording', async () => {
    const { code, text } = await run([recording, '--speed', '100', '--exit'])
    expect(text).toContain('of yangqu-760, 2026-11-23 16:00:00 to 2026-11-23 16:03:59, ticks derived')
    expect(text).toMatch(/Open {5}http:\/\/127\.0\.0\.1:\d+/)
    expect(text).toContain('2 alarms\n  2026-11-23 16:00:20  P1  cut  fence-zone/zone-5  returned\n  2026-11-23 16:00:10  P2  touch')
    expect(code).toBe(0)
  })

  it('plays a stretch of a recording, or some of its devices, and nothing else', async () => {
    const cut = await run([recording, '--speed', '1000', '--exit', '--from', String(MIDNIGHT), '--to', '2026-11-23T16:00:15Z'])
    expect(cut.text).toContain('of yangqu-760, 2026-11-23 16:00:00 to 2026-11-23 16:00:14, ticks derived')
    expect(cut.text).not.toContain('  cut  ')
    expect(cut.code).toBe(0)
    const file = join(temp.path, 'cut.jsonl')
    await writeCut(readRecording(recording), { cut: { devices: ['fence-zone/zone-5', 'elevator/lift-9-2'] }, file })
    const { devices } = await readFacts(file)
    expect([...devices].filter((device) => !device.includes('/gateway/'))).toEqual(
      expect.arrayContaining(['yangqu-760/fence-zone/zone-5', 'yangqu-760/elevator/lift-9-2']),
    )
    expect([...devices].filter((device) => !device.includes('/gateway/'))).toHaveLength(2)
    expect(await run([recording, '--from', 'soon', '--device', 'zone 5'])).toMatchObject({
      code: 1,
      text: expect.stringMatching(/--from must be an instant.*\n--device must be <kind>\/<id>/) as string,
    })
  })

  it('says in words what is wrong with the file, the estate or the command', async () => {
    const bad = join(temp.path, 'bad.jsonl')
    writeFileSync(bad, '{"seq":1,"receivedAt":1,"client":"gw.a.b","topic":"estates/a/camera/c/telemetry","payload":"{}"}\nnot json\n')
    expect(await run([bad])).toMatchObject({ code: 1, text: expect.stringContaining(`${bad}:2 is not JSON.`) as string })
    writeFileSync(bad, '')
    expect(await run([bad])).toMatchObject({ code: 1, text: expect.stringContaining('is empty') as string })
    expect(await run(['/nowhere.jsonl'])).toMatchObject({
      code: 1,
      text: expect.stringContaining('there is no file /nowhere.jsonl') as string,
    })
  })
})

describe('a running system', () => {
  const device = (id: string, receivedAt: number | null): Pick<DeviceState, 'kind' | 'id' | 'receivedAt'> => ({
    kind: 'fence-zone',
    id,
    receivedAt,
  })
  const restWith = (devices: readonly unknown[]): RestClient => ({ call: <T>() => Promise.resolve(devices as T) })
  const check = (devices: readonly unknown[]) =>
    refuseLiveDevices(restWith(devices), { estate: 'e', concerns: ({ id }) => id !== 'zone-9', now: 100_000 })

  it('is left alone while a device of the recording was heard within 60 s', async () => {
    await expect(check([device('zone-1', 30_000), device('zone-2', null), device('zone-9', 99_999)])).resolves.toBeUndefined()
    await expect(check([device('zone-1', 40_001)])).rejects.toMatchObject({
      code: 'device-is-live',
      message: expect.stringContaining('1 of these devices were heard within the last 60 s (fence-zone/zone-1)') as string,
    })
  })

  it('that does not answer is named', async () => {
    const into = { broker: 'mqtt://127.0.0.1:9', url: 'http://127.0.0.1:9', username: 'admin', password: 'x', credentials: 'none' }
    await expect(replayInto(recording, await readFacts(recording), into)).rejects.toThrow('nothing answers at http://127.0.0.1:9')
  })
})
