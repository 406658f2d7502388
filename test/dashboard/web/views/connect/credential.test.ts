import { describe, expect, it } from 'vitest'
import type { Estate } from '../../../../../domain/estate.ts'
import { KINDS, findKind } from '../../../../../devices/index.ts'
import { mosquittoLine, tryMessage } from '../../../../../dashboard/web/views/connect/credential.ts'
import {
  countOutcomes,
  MOST_MESSAGES,
  takeMessages,
  type CredentialMessage,
} from '../../../../../dashboard/web/views/connect/take-messages.ts'

const estate = {
  id: 'yangqu',
  devices: [
    { id: 'gw-1', kind: 'gateway', name: '网关', site: {} },
    { id: 'cam-01', kind: 'camera', name: '摄像01', gateway: 'gw-1', site: {} },
  ],
} as unknown as Estate

describe('the line to paste', () => {
  it('speaks for the first device behind a gateway', () => {
    expect(tryMessage('gw.yangqu.gw-1', estate, findKind).topic).toBe('estates/yangqu/camera/cam-01/telemetry')
  })

  it('speaks for a gateway itself where nothing is behind it', () => {
    expect(tryMessage('gw.yangqu.gw-9', estate, findKind).topic).toBe('estates/yangqu/gateway/gw-9/telemetry')
  })

  it('speaks for a device, and says hello for another system', () => {
    expect(tryMessage('dev.yangqu.elevator.lift-1', estate, findKind).topic).toBe('estates/yangqu/elevator/lift-1/telemetry')
    expect(tryMessage('ext.yangqu.bms', estate, findKind)).toEqual({ topic: 'estates/yangqu/ext/bms/hello', payload: '{"hello":true}' })
  })

  it.each(KINDS.map(({ kind }) => kind))('sends values that a %s knows, inside their ranges', (kind) => {
    const { payload } = tryMessage(`dev.yangqu.${kind}.x`, estate, findKind)
    for (const [name, value] of Object.entries(JSON.parse(payload) as Record<string, unknown>)) {
      const field = findKind(kind)!.fields[name]!
      if (field.type === 'number') expect(Number(value) >= field.min && Number(value) <= field.max).toBe(true)
      else if (field.type === 'enum') expect(Object.keys(field.labels)).toContain(value)
      else expect(typeof value).toBe('boolean')
    }
  })

  it('quotes for a shell', () => {
    const line = mosquittoLine({ host: 'h', port: 1883, username: 'gw.a.b', password: "it's", topic: 't', payload: '{"a":1}' })
    expect(line).toBe(`mosquitto_pub -h h -p 1883 -u 'gw.a.b' -P 'it'\\''s' -q 1 -t 't' -m '{"a":1}'`)
  })
})

describe('the messages of a credential', () => {
  const message = (seq: number, outcomes: CredentialMessage['outcomes'] = []): CredentialMessage => ({
    seq,
    receivedAt: seq,
    topic: 't',
    payload: '',
    outcomes,
  })

  it('are kept once each, the newest first, and not more than fifty', () => {
    const shown = takeMessages([message(2), message(1)], [message(2), message(3)])
    expect(shown.map(({ seq }) => seq)).toEqual([3, 2, 1])
    const many = takeMessages(
      [],
      Array.from({ length: 80 }, (_, i) => message(i)),
    )
    expect([many.length, many[0]!.seq]).toEqual([MOST_MESSAGES, 79])
  })

  it('stay the same list while nothing new comes', () => {
    const shown = [message(1)]
    expect(takeMessages(shown, [message(1)])).toBe(shown)
  })

  it('are counted by outcome, one for each element', () => {
    const bad = { ok: false, reason: 'not-json', detail: '' } as const
    expect(countOutcomes([message(1, [bad, bad]), message(2)])).toEqual({ ok: 0, bad: 2 })
  })
})
