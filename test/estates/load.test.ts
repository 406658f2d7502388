import { describe, expect, it } from 'vitest'
import type { FieldFault } from '../../domain/errors.ts'
import { parseEstate } from '../../estates/load.ts'
import { PLANTED_FAULTS } from './planted-faults.ts'
import { placeOf, plant, SMALL_ESTATE } from './small-estate.ts'

function faultsOf(text: string): readonly FieldFault[] {
  const parsed = parseEstate(text)
  return parsed.ok ? [] : parsed.faults
}

describe('an estate file', () => {
  it('is read when it is sound', () => {
    const parsed = parseEstate(SMALL_ESTATE)
    expect(parsed).toMatchObject({ ok: true, estate: { id: 'small', devices: { length: 6 } } })
  })

  it.each(PLANTED_FAULTS)('with $fault is refused at its line, column and path with what to do', ({ before, after, at, path, rule }) => {
    const text = plant(SMALL_ESTATE, before, after)
    const fault = faultsOf(text).find((one) => one.path === path)
    expect(fault, JSON.stringify(faultsOf(text), null, 1)).toBeDefined()
    expect(fault!.rule).toMatch(rule)
    expect({ line: fault!.line, column: fault!.column }).toEqual(placeOf(text, at))
  })

  it('with faults of the schema and across its parts has all of them named at once, in the order of the file, and each one once', () => {
    let text = plant(SMALL_ESTATE, 'storeys: 6', 'storeys: 0')
    text = plant(text, 'rangeM: 46', 'rangeM: far')
    text = plant(text, 'id: zone-2', 'id: zone-1')
    text = plant(text, 'person: guard-1', 'person: guard-7')
    text = plant(text, 'lengthM: 402.9', 'lengthM: 500')
    expect(faultsOf(text).map(({ path }) => path)).toEqual([
      'fence.lengthM',
      'fence.lengthM',
      'blocks[0].storeys',
      'duties[0].person',
      'devices[2].id',
      'devices[2].site.toM',
      'devices[3].site.rangeM',
    ])
  })

  it('keeps the indexes of the file when a faulty entry stands before another', () => {
    let text = plant(SMALL_ESTATE, 'name: 网关', 'name: 7')
    text = plant(
      text,
      '  - {id: cam-1',
      '  - {id: zone-9, kind: fence-zone, name: 第9防区, gateway: gw-1, site: {fromM: 1, toM: 0}}\n  - {id: cam-1',
    )
    text = plant(text, 'use: bay, ', '')
    expect(faultsOf(text).map(({ path }) => path)).toEqual(['devices[0].name', 'devices[3].site.toM', 'devices[5].site.use'])
  })

  it('may be JSON, with line and column as well', () => {
    const parsed = parseEstate(SMALL_ESTATE)
    const json = JSON.stringify(parsed.ok && parsed.estate, null, 2)
    expect(parseEstate(json).ok).toBe(true)
    const text = plant(json, '"bearingDeg": 90', '"bearingDeg": -1')
    expect(faultsOf(text)).toEqual([
      { path: 'devices[3].site.bearingDeg', rule: 'must be at least 0; this is -1', ...placeOf(text, '-1,') },
    ])
  })

  it.each([
    ['', 'the file is empty'],
    ['id: [1, 2', 'mend the YAML or JSON here'],
    ['- a\n- b', 'must be a set of keys and values'],
    ['id: small\n---\nid: other', 'mend the YAML or JSON here'],
    ['? [a, b]\n: c', 'a key must be a plain word'],
  ])('that is no estate at all (%j) is refused in words', (text, rule) => {
    const [fault] = faultsOf(text)
    expect(fault?.rule).toContain(rule)
    expect(fault?.line).toBeGreaterThan(0)
  })
})

describe('a hostile file', () => {
  it('cannot make aliases multiply', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]!}, `.repeat(9)}x]`),
    ].join('\n')
    expect(faultsOf(bomb)[0]?.rule).toContain('aliases (*name) are not taken')
  })

  it.each([
    ['brackets', `id: ${'['.repeat(20_000)}`],
    ['braces in JSON', '{"a":'.repeat(20_000)],
    ['indented keys', Array.from({ length: 3_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['nested lists', `a: ${'- '.repeat(20_000)}x`],
  ])('cannot exhaust the stack with %s', (_, text) => {
    expect(faultsOf(text).length).toBeGreaterThan(0)
  })

  it('cannot hold the process with many keys of one map', { timeout: 30_000 }, () => {
    expect(faultsOf(Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')).length).toBeGreaterThan(20_000)
  })

  it('is refused by its size before it is read', () => {
    expect(faultsOf(' '.repeat(17 * 1024 * 1024))[0]?.rule).toContain('at most 16 MiB')
  })

  it('cannot reach prototypes through its keys', () => {
    expect(faultsOf(`__proto__: {polluted: true}\n${SMALL_ESTATE}`).length).toBeGreaterThan(0)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
