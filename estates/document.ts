/** The text of an estate file as a tree that knows the line and column of every part; bounded, so that a hostile file costs little. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Node, type YAMLMap } from 'yaml'
import type { FieldFault } from '../domain/errors.ts'

export type Path = readonly (string | number)[]

export interface EstateDocument {
  readonly value: unknown
  /** Faults of the YAML or JSON itself; with any of them `value` is undefined. */
  readonly faults: readonly FieldFault[]
  /** The fault with its line and column: those of the key itself where `atKey`, else of the value, or of the nearest parent that stands in the file. */
  fault(path: Path, rule: string, atKey?: boolean): FieldFault
}

export const LIMITS = { bytes: 16 * 1024 * 1024, depth: 40 } as const

export function readDocument(text: string): EstateDocument {
  if (Buffer.byteLength(text) > LIMITS.bytes) return refuse(`a file has at most ${LIMITS.bytes / 1024 / 1024} MiB: split or shorten it`)
  if (isTooDeep(text)) return refuse(`brackets may be nested ${LIMITS.depth} deep at most: no part of an estate needs more`)
  const lines = new LineCounter()
  const document = parse(text, lines)
  if (document === undefined) return refuse(`the file is nested too deeply: no part of an estate needs more than ${LIMITS.depth} levels`)

  const place = (offset: number | undefined) => {
    const { line, col } = lines.linePos(offset ?? 0)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const root = document.contents as Node | null
  const faults = [
    ...document.errors.map((error) => ({ path: '', rule: `${error.message}: mend the YAML or JSON here`, ...place(error.pos[0]) })),
    ...structuralFaults(root, place),
  ]
  const fault = (path: Path, rule: string, atKey = false): FieldFault => ({
    path: spell(path),
    rule,
    ...place(offsetOf(root, path, atKey)),
  })
  return { value: faults.length === 0 ? document.toJS({ maxAliasCount: 0 }) : undefined, faults, fault }
}

function parse(text: string, lineCounter: LineCounter) {
  try {
    // Duplicate keys are looked for below: the library compares each key with each other one.
    return parseDocument(text, { lineCounter, uniqueKeys: false, prettyErrors: false })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function refuse(rule: string): EstateDocument {
  const faults = [{ path: '', rule, line: 1, column: 1 }]
  return { value: undefined, faults, fault: (path, why) => ({ path: spell(path), rule: why }) }
}

/** Counts brackets outside quotes; block nesting costs a column each and is bounded by the parser's own stack. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (const [mark] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[[\]{}]/g)) {
    if (mark === '[' || mark === '{') depth++
    else if (mark === ']' || mark === '}') depth = Math.max(0, depth - 1)
    if (depth > LIMITS.depth) return true
  }
  return false
}

function structuralFaults(root: Node | null, place: (offset?: number) => { line: number; column: number }): FieldFault[] {
  if (root === null) return [{ path: '', rule: 'the file is empty: it must hold one estate', line: 1, column: 1 }]
  const faults: FieldFault[] = []
  visit(root, {
    Alias: (_key, node) => {
      faults.push({ path: '', rule: 'aliases (*name) are not taken: write the value out', ...place(node.range?.[0]) })
    },
    Map: (_key, map) => {
      const seen = new Set<unknown>()
      for (const { key } of map.items) {
        const name = isScalar(key) ? key.value : undefined
        if (typeof name !== 'string')
          faults.push({ path: '', rule: 'a key must be a plain word: put it in quotes', ...place((key as Node).range?.[0]) })
        else if (seen.has(name))
          faults.push({ path: name, rule: `the key ${name} stands twice: remove one`, ...place((key as Node).range?.[0]) })
        seen.add(name)
      }
    },
  })
  return faults
}

function offsetOf(root: Node | null, path: Path, atKey: boolean): number | undefined {
  let node = root
  let offset = root?.range?.[0]
  for (const [i, part] of path.entries()) {
    if (isMap(node)) {
      const pair = (node as YAMLMap<Node, Node | null>).items.find(({ key }) => isScalar(key) && key.value === part)
      if (pair === undefined) return offset
      node = pair.value
      offset = (atKey && i === path.length - 1 ? undefined : node?.range?.[0]) ?? pair.key.range?.[0]
    } else if (isSeq(node)) {
      const item = node.items[Number(part)] as Node | undefined
      if (item === undefined || isAlias(item)) return offset
      node = item
      offset = item.range?.[0]
    } else return offset
  }
  return offset
}

/** `devices[3].site.position`. */
export function spell(path: Path): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`), '')
}
