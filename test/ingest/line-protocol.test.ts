import { expect, it } from 'vitest'
import { makeLineMaker, toLine } from '../../ingest/stores/line-protocol.ts'

const lineOf = makeLineMaker()

it('writes numbers always as floats, booleans as T and F, words in quotes, and the millisecond in microseconds', () => {
  const values = { floor: 3, speed_mps: 1.5, passenger: true, in_door_zone: false, mode: 'normal' }
  expect(lineOf({ measurement: 'elevator', estate: 'e', device: 'l-1', ts: 1_795_507_200_001, values })).toBe(
    'elevator,estate=e,device=l-1 floor=3,speed_mps=1.5,passenger=T,in_door_zone=F,mode="normal" 1795507200001000',
  )
})

it('lets nothing in a name or a word end the line or begin a field', () => {
  const values = { mode: 'a "b" c\\d = , \n' }
  const line = lineOf({ measurement: 'elevator', estate: 'a b,c=d', device: 'x\ny', ts: 0, values })
  expect(line).toBe('elevator,estate=a\\ b\\,c\\=d,device=x\\ y mode="a \\"b\\" c\\\\d = , \n" 0000')
  expect(toLine({ measurement: 'own', tags: {}, fields: { seq: 7 }, micros: '12' })).toBe('own seq=7 12')
})

it('puts an event some microseconds behind its millisecond, also before 1970', () => {
  const event = { measurement: 'elevator_event', estate: 'e', device: 'l-1', values: { code: 'pit', active: true } }
  const micros = (ts: number) =>
    Number(
      lineOf({ ...event, ts })
        .split(' ')
        .at(-1),
    )
  expect(micros(1000)).toBeGreaterThan(1_000_000)
  expect(micros(1000)).toBeLessThan(1_001_000)
  expect(micros(-1000) - micros(1000)).toBe(-2_000_000)
})
