/** Runs parsed Flux over points in memory and writes annotated CSV, table by table. */
import type { Call, Expression, Literal } from './flux.ts'

export type Cell = string | number | boolean | Date
export type Row = Readonly<Record<string, Cell>>
interface Table {
  /** Columns of the group key. */
  readonly key: readonly string[]
  readonly rows: readonly Row[]
  /** What `count` makes is a long. */
  readonly long?: boolean
}

export function runFlux(calls: readonly Call[], readBucket: (name: string) => readonly Row[] | undefined): readonly Table[] {
  const [source, ...steps] = calls
  if (source?.name !== 'from' || typeof source.args['bucket'] !== 'string') throw new Error('a query begins with from(bucket:)')
  const rows = readBucket(source.args['bucket'])
  if (!rows) throw new Error(`could not find bucket "${source.args['bucket']}"`)
  if (steps[0]?.name !== 'range') throw new Error('cannot submit unbounded read; try bounding with a call to range')
  let tables: readonly Table[] = [{ key: [], rows }]
  for (const step of steps) {
    const known = STEPS[step.name]
    if (!known) throw new Error(`undefined identifier ${step.name}`)
    for (const name of Object.keys(step.args)) if (!known.args.includes(name)) throw new Error(`${step.name} has no argument ${name}`)
    tables = tables.flatMap((table) => known.run(table, step)).filter((table) => table.rows.length > 0)
    if (step.name === 'range') tables = tables.flatMap(bySeries)
    if (step.name === 'group') tables = [{ key: [], rows: tables.flatMap((table) => table.rows), long: tables.some(({ long }) => long) }]
  }
  return tables.filter((table) => table.rows.length > 0)
}

const SERIES = ['_start', '_stop', '_measurement', '_field', 'estate', 'device', 'kind']

function bySeries({ rows }: Table): Table[] {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = SERIES.map((name) => String(row[name])).join('\u0000')
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()].map((group) => ({
    key: SERIES.filter((name) => group[0]![name] !== undefined),
    rows: group.sort((a, b) => time(a) - time(b)),
  }))
}

type Step = { readonly args: readonly string[]; readonly run: (table: Table, call: Call) => readonly Table[] }

const STEPS: Readonly<Record<string, Step>> = {
  range: {
    args: ['start', 'stop'],
    run: ({ key, rows }, { args }) => {
      const [start, stop] = [date(args['start']), date(args['stop'])]
      const inside = rows.filter((row) => time(row) >= start.getTime() && time(row) < stop.getTime())
      return [{ key, rows: inside.map((row) => ({ ...row, _start: start, _stop: stop })) }]
    },
  },
  filter: {
    args: ['fn'],
    run: (table, { args }) => {
      const fn = args['fn']
      if (typeof fn !== 'object' || !('predicate' in fn)) throw new Error('filter needs fn')
      return [{ ...table, rows: table.rows.filter((row) => evaluate(fn.predicate, row) === true) }]
    },
  },
  toFloat: { args: [], run: (table) => [{ ...table, rows: table.rows.map((row) => ({ ...row, _value: toFloat(row['_value']!) })) }] },
  window: {
    args: ['every', 'offset'],
    run: ({ key, rows }, { args }) => {
      const [every, offset] = [duration(args['every']), args['offset'] === undefined ? 0 : duration(args['offset'])]
      const windows = new Map<number, Row[]>()
      for (const row of rows) {
        const start = Math.floor((time(row) - offset) / every) * every + offset
        windows.set(start, [...(windows.get(start) ?? []), { ...row, _start: new Date(start), _stop: new Date(start + every) }])
      }
      return [...windows.values()].map((window) => ({ key, rows: window }))
    },
  },
  min: { args: [], run: select((values) => Math.min(...values)) },
  max: { args: [], run: select((values) => Math.max(...values)) },
  sum: { args: [], run: aggregate((values) => values.reduce((a, b) => a + b, 0)) },
  mean: { args: [], run: aggregate((values) => values.reduce((a, b) => a + b, 0) / values.length) },
  count: { args: [], run: (table) => aggregate((values) => values.length)(table).map((one) => ({ ...one, long: true })) },
  last: { args: [], run: (table) => [{ ...table, rows: table.rows.slice(-1) }] },
  group: { args: [], run: (table) => [table] },
  sort: {
    args: ['columns', 'desc'],
    run: (table, { args }) => {
      if (JSON.stringify(args['columns']) !== '["_time"]') throw new Error('only _time is sorted here')
      return [{ ...table, rows: [...table.rows].sort((a, b) => (args['desc'] === true ? time(b) - time(a) : time(a) - time(b))) }]
    },
  },
  limit: { args: ['n'], run: (table, { args }) => [{ ...table, rows: table.rows.slice(0, Number(args['n'])) }] },
}

function select(choose: (values: readonly number[]) => number) {
  return (table: Table): readonly Table[] => {
    const chosen = choose(table.rows.map(number))
    return [{ ...table, rows: [table.rows.find((row) => number(row) === chosen)!] }]
  }
}

/** Keeps only the group key and the value, as Flux does. */
function aggregate(reduce: (values: readonly number[]) => number) {
  return (table: Table): readonly Table[] => {
    const first = table.rows[0]
    if (!first) return []
    const key = Object.fromEntries(table.key.map((name) => [name, first[name]!]))
    return [{ ...table, rows: [{ ...key, _value: reduce(table.rows.map(number)) }] }]
  }
}

function evaluate(expression: Expression, row: Row): Literal | undefined {
  if ('literal' in expression) return expression.literal
  if ('column' in expression) return row[expression.column]
  if ('contains' in expression) {
    const set = evaluate(expression.set, row)
    if (!Array.isArray(set)) throw new Error('contains needs an array')
    return set.includes(evaluate(expression.contains, row))
  }
  const [left, right] = [evaluate(expression.left, row), evaluate(expression.right, row)]
  switch (expression.op) {
    case 'and':
      return left === true && right === true
    case 'or':
      return left === true || right === true
    case '==':
      return left === right
    case '>':
      if (typeof left !== 'number' || typeof right !== 'number') throw new Error('only floats are compared here')
      return left > right
  }
}

function time(row: Row): number {
  return date(row['_time']).getTime()
}
function date(value: unknown): Date {
  if (!(value instanceof Date)) throw new Error('expected a time')
  return value
}
function duration(value: unknown): number {
  if (typeof value !== 'object' || value === null || !('durationMs' in value)) throw new Error('expected a duration')
  return Number(value.durationMs)
}
function number(row: Row): number {
  if (typeof row['_value'] !== 'number') throw new Error('unsupported input type for aggregate: not a number')
  return row['_value']
}
function toFloat(value: Cell): number {
  if (typeof value === 'string') throw new Error(`cannot convert string "${value}" to float`)
  return Number(value)
}

/** Annotated CSV with datatype, group and default rows; one block for each table. */
export function toCsv(tables: readonly Table[]): string {
  return tables
    .map(({ key, rows, long }, i) => {
      const columns = Object.keys(rows[0]!)
      const types = columns.map((name) => typeOf(rows[0]![name]!, long === true && name === '_value'))
      const line = (cells: readonly string[]) => `${cells.join(',')}\r\n`
      return [
        line(['#datatype', 'string', 'long', ...types]),
        line(['#group', 'false', 'false', ...columns.map((name) => String(key.includes(name)))]),
        line(['#default', '_result', '', ...columns.map(() => '')]),
        line(['', 'result', 'table', ...columns]),
        ...rows.map((row) => line(['', '', String(i), ...columns.map((name) => cell(row[name]!))])),
      ].join('')
    })
    .join('\r\n')
}

function typeOf(value: Cell, long: boolean): string {
  if (value instanceof Date) return 'dateTime:RFC3339'
  return typeof value === 'number' ? (long ? 'long' : 'double') : typeof value
}

function cell(value: Cell): string {
  const text = value instanceof Date ? value.toISOString() : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
