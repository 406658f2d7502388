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

export const LIMITS = { bytes: 16 * 1024 * 1024, brackets: 400, indent: 400, dashes: 40 } as const

const TOO_DEEP = 'the file is nested too deeply: an estate needs about ten levels, look for a bracket or an indent too many'

export function readDocument(text: string): EstateDocument {
  if (Buffer.byteLength(text) > LIMITS.bytes) return refuse(`a file has at most ${LIMITS.bytes / 1024 / 1024} MiB: split or shorten it`)
  if (isTooDeep(text)) return refuse(TOO_DEEP)
  const lines = new LineCounter()
  const document = parse(text, lines)
  if (document === undefined) return refuse(TOO_DEEP)

  const place = (offset: number | undefined) => {
    const { line, col } = lines.linePos(offset ?? 0)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const root = document.contents as Node | null
  const faults = [
    ...document.errors.map((error) => ({ path: '', rule: `${error.message}: mend the YAML or JSON here`, ...place(error.pos[0]) })),
    ...structuralFaults(root, place),
  ]
  const pairsOf = pairsByKey()
  const fault = (path: Path, rule: string, atKey = false): FieldFault => ({
    path: spell(path),
    rule,
    ...place(offsetOf(root, { path, atKey, pairsOf })),
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

const TOO_DEEP_BLOCKS = new RegExp(`^ {${LIMITS.indent}}|(?:[-?] +){${LIMITS.dashes}}`, 'm')

/** Counts brackets outside quotes; of block nesting each level costs a column or a dash. The parser's time grows with the square of the depth. */
function isTooDeep(text: string): boolean {
  if (TOO_DEEP_BLOCKS.test(text)) return true
  let depth = 0
  for (const [mark] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[[\]{}]/g)) {
    if (mark === '[' || mark === '{') depth++
    else if (mark === ']' || mark === '}') depth = Math.max(0, depth - 1)
    if (depth > LIMITS.brackets) return true
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

type Pairs = ReadonlyMap<unknown, { readonly key: Node; readonly value: Node | null }>

/** Looked up for every fault, so that a file full of faults costs no more than its length. */
function pairsByKey(): (map: YAMLMap) => Pairs {
  const known = new WeakMap<YAMLMap, Pairs>()
  return (map) => {
    const found =
      known.get(map) ??
      new Map((map as YAMLMap<Node, Node | null>).items.map((pair) => [isScalar(pair.key) ? pair.key.value : pair.key, pair]))
    known.set(map, found)
    return found
  }
}

function offsetOf(
  root: Node | null,
  { path, atKey, pairsOf }: { path: Path; atKey: boolean; pairsOf: (map: YAMLMap) => Pairs },
): number | undefined {
  let node = root
  let offset = root?.range?.[0]
  for (const [i, part] of path.entries()) {
    if (isMap(node)) {
      const pair = pairsOf(node).get(part)
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
