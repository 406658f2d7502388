/** What a measurement found, as a table for people and as one line of JSON for programs. */
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { projectRoot } from '../project-root.ts'

export type Figure = number | string
export type Figures = Readonly<Record<string, Figure | Readonly<Record<string, Figure>>>>

/** A limit that a figure must hold: at least, or at most. */
export interface Limit {
  readonly figure: number
  readonly atLeast?: number
  readonly atMost?: number
}

export interface Report {
  /** Rows for people; the columns are the keys of the first row. */
  readonly table: readonly Readonly<Record<string, Figure>>[]
  readonly figures: Figures
  /** By name of the figure. */
  readonly limits: Readonly<Record<string, Limit>>
  /** Servers beside Node, such as `influxd`. */
  readonly versions?: Readonly<Record<string, string>>
}

export type Bench = (args: readonly string[]) => Promise<Report>

/** @returns whether every limit holds; NaN holds none */
export function isMet(limits: Report['limits']): boolean {
  return Object.values(limits).every(({ figure, atLeast = -Infinity, atMost = Infinity }) => figure >= atLeast && figure <= atMost)
}

export function printReport(name: string, report: Report): boolean {
  const met = isMet(report.limits)
  console.table(report.table)
  for (const [key, { figure, atLeast, atMost }] of Object.entries(report.limits)) {
    const wanted = [atLeast !== undefined && `≥ ${atLeast}`, atMost !== undefined && `≤ ${atMost}`].filter(Boolean).join(' and ')
    console.log(`${isMet({ [key]: report.limits[key]! }) ? 'met   ' : 'MISSED'} ${key} = ${round(figure)}, must be ${wanted}`)
  }
  const limits = Object.fromEntries(Object.entries(report.limits).map(([key, { atLeast, atMost }]) => [key, { atLeast, atMost }]))
  console.log(JSON.stringify({ name, met, figures: rounded(report.figures), limits, versions: { ...machine(), ...report.versions } }))
  return met
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

/** `--scale 0.1`: a smaller run of the same; 1 unless told. */
export function readScale(args: readonly string[]): number {
  const at = args.indexOf('--scale')
  return at < 0 ? 1 : Number(args[at + 1])
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

function machine(): Record<string, string> {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }
  return {
    estatewatch: version,
    node: process.version,
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  }
}

function rounded(figures: Figures): Figures {
  return Object.fromEntries(
    Object.entries(figures).map(([key, value]) => [
      key,
      typeof value === 'object' ? (rounded(value) as Readonly<Record<string, Figure>>) : typeof value === 'number' ? round(value) : value,
    ]),
  )
}

/** Three digits after the point, or whole when large. */
const round = (value: number): number => (Math.abs(value) >= 1000 ? Math.round(value) : Math.round(value * 1000) / 1000)
