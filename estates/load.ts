/** An estate file's text → the estate, or every fault in it at once with line, column, path, rule and what to do; never half of it. */
import { SITES } from '../devices/sites.ts'
import type { FieldFault } from '../domain/errors.ts'
import type { Estate } from '../domain/estate.ts'
import { checkEstate } from './check.ts'
import { siteOfKind } from './disagreement.ts'
import { readDocument, type EstateDocument, type Path } from './document.ts'
import { toFaults } from './faults.ts'
import { estateSchema } from './schema.ts'

export type ParsedEstate = { readonly ok: true; readonly estate: Estate } | { readonly ok: false; readonly faults: readonly FieldFault[] }

/** YAML or JSON. */
export function parseEstate(text: string): ParsedEstate {
  const document = readDocument(text)
  if (document.faults.length > 0) return { ok: false, faults: document.faults }

  const whole = estateSchema.safeParse(document.value)
  const faults = whole.success ? [] : toFaults(whole.error.issues, document)
  const readable = whole.success
    ? { estate: whole.data, kept: undefined, broken: new Set<string>() }
    : withoutFaulty(document, whole.error.issues)
  if (readable !== undefined) {
    const origin = (path: Path): Path => toOriginal(path, readable.kept)
    const siteFaults = checkSites(readable.estate, document, origin)
    faults.push(...siteFaults.faults)
    const broken = new Set([...readable.broken, ...[...siteFaults.at].map((i) => siteOfKind(readable.estate.devices[i]!.kind))])
    const devices = readable.estate.devices.map((device, i) => (siteFaults.at.has(i) ? { ...device, site: {} } : device))
    const sound = { ...readable.estate, devices }
    faults.push(...checkEstate(sound, broken).map(({ path, rule }) => document.fault(origin(path), rule)))
  }
  if (faults.length > 0 || !whole.success) return { ok: false, faults: inOrder(faults) }
  return { ok: true, estate: whole.data }
}

function checkSites(estate: Estate, document: EstateDocument, origin: (path: Path) => Path) {
  const at = new Set<number>()
  const faults = estate.devices.flatMap((device, i) => {
    const result = SITES.get(device.kind)?.safeParse(device.site)
    if (result === undefined || result.success) return []
    at.add(i)
    return toFaults(result.error.issues, document, origin(['devices', i, 'site']))
  })
  return { at, faults }
}

type Kept = ReadonlyMap<string, readonly number[]>

/** The file without what the schema refused, so that the checks across its parts can speak in the same answer; undefined when too little is left. */
function withoutFaulty(document: EstateDocument, issues: readonly { readonly path: readonly PropertyKey[]; readonly code: string }[]) {
  if (typeof document.value !== 'object' || document.value === null || Array.isArray(document.value)) return undefined
  const left: Record<string, unknown> = { ...document.value }
  const kept = new Map<string, readonly number[]>()
  const broken = new Set<string>()
  const faulty = new Map<string, Set<number>>()
  for (const issue of issues) {
    const [section, index] = issue.path[0] === 'plan' && issue.path[1] === 'features' ? ['features', issue.path[2]] : issue.path
    if (typeof section !== 'string') continue
    broken.add(section === 'features' ? 'plan' : section)
    if (typeof index === 'number') faulty.set(section, (faulty.get(section) ?? new Set()).add(index))
    else if (section === 'fence') Reflect.deleteProperty(left, section)
  }
  const keep = (section: string, items: unknown) => {
    if (!Array.isArray(items)) return items
    const indexes = items.map((_, i) => i).filter((i) => faulty.get(section)?.has(i) !== true)
    kept.set(section, indexes)
    return indexes.map((i) => items[i] as unknown)
  }
  for (const section of ['blocks', 'lifts', 'devices', 'people', 'duties'])
    if (section in left) left[section] = keep(section, left[section])
  const plan = left['plan'] as { features?: unknown } | undefined
  if (typeof plan === 'object') left['plan'] = { ...plan, features: keep('features', plan.features) }
  const known = Object.fromEntries(Object.entries(left).filter(([key]) => key in estateSchema.shape))
  const result = estateSchema.safeParse(known)
  return result.success ? { estate: result.data, kept: kept as Kept, broken } : undefined
}

function toOriginal(path: Path, kept: Kept | undefined): Path {
  if (kept === undefined) return path
  const [section, index, next] = path
  if (section === 'plan' && index === 'features' && typeof next === 'number')
    return ['plan', 'features', kept.get('features')?.[next] ?? next, ...path.slice(3)]
  if (typeof section === 'string' && typeof index === 'number') return [section, kept.get(section)?.[index] ?? index, ...path.slice(2)]
  return path
}

function inOrder(faults: readonly FieldFault[]): FieldFault[] {
  return [...faults].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
}
