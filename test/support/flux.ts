/** Reads the part of Flux that the store speaks, strictly: an unknown function, argument or sign is an error, as on a real server. */
export type Literal = string | number | boolean | Date | { readonly durationMs: number } | readonly Literal[]
export type Expression =
  | { readonly op: 'and' | 'or' | '==' | '>'; readonly left: Expression; readonly right: Expression }
  | { readonly column: string }
  | { readonly literal: Literal }
  | { readonly contains: Expression; readonly set: Expression }
export interface Call {
  readonly name: string
  readonly args: Readonly<Record<string, Literal | { readonly predicate: Expression }>>
}

const TOKEN =
  /\s*(?:(\|>|=>|==|[()[\],:.>])|("(?:[^"\\]|\\["\\nrt$])*")|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)|(-?\d+(?:ms|s|m|h|d))(?![a-z])|(-?\d+(?:\.\d+)?)(?![a-z\d])|([A-Za-z_]\w*))/y
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `time(v: "…")` and `duration(v: "…")`, as the client writes them. */
const CONVERSIONS: Readonly<Record<string, (text: string) => Literal>> = {
  time: (text) => one(text, (literal) => literal instanceof Date),
  duration: (text) => one(text, (literal) => typeof literal === 'object' && 'durationMs' in literal),
}

function one(text: string, fits: (literal: Literal) => boolean): Literal {
  const [token, ...more] = tokenize(text)
  if (token?.literal === undefined || more.length > 0 || !fits(token.literal)) throw new Error(`cannot convert ${text}`)
  return token.literal
}

interface Token {
  readonly sign?: string
  readonly literal?: Literal
  readonly word?: string
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    if (!match) throw new Error(`cannot read Flux at: ${text.slice(at, at + 40)}`)
    at = TOKEN.lastIndex
    const [, sign, string, time, duration, number, word] = match
    if (sign !== undefined) tokens.push({ sign })
    else if (string !== undefined) tokens.push({ literal: JSON.parse(string.replaceAll('\\$', '$')) as string })
    else if (time !== undefined) tokens.push({ literal: new Date(time) })
    else if (duration !== undefined) tokens.push({ literal: { durationMs: parseInt(duration) * UNITS[duration.replace(/^-?\d+/, '')]! } })
    else if (number !== undefined) tokens.push({ literal: Number(number) })
    else if (word === 'true' || word === 'false') tokens.push({ literal: word === 'true' })
    else tokens.push({ word: word! })
  }
  return tokens
}

/** `from(bucket: "b") |> range(…) |> …` as a list of calls. */
export function parseFlux(text: string): readonly Call[] {
  const tokens = tokenize(text)
  let i = 0
  const isSign = (sign: string) => tokens[i]?.sign === sign
  const expect = (sign: string) => {
    if (!isSign(sign)) throw new Error(`expected ${sign}, found ${JSON.stringify(tokens[i])}`)
    i++
  }
  const word = (): string => {
    const found = tokens[i++]?.word
    if (found === undefined) throw new Error('expected a name')
    return found
  }
  const list = <T>(end: string, read: () => T): T[] => {
    const out: T[] = []
    while (!isSign(end)) {
      out.push(read())
      if (!isSign(end)) expect(',')
    }
    expect(end)
    return out
  }
  const literal = (): Literal => {
    if (isSign('[')) {
      i++
      return list(']', literal)
    }
    const convert = CONVERSIONS[tokens[i]?.word ?? '']
    if (convert) {
      i++
      expect('(')
      if (word() !== 'v') throw new Error('a conversion takes v')
      expect(':')
      const value = literal()
      expect(')')
      if (typeof value !== 'string') throw new Error('a conversion takes a string')
      return convert(value)
    }
    const found = tokens[i++]?.literal
    if (found === undefined) throw new Error('expected a value')
    return found
  }
  const operand = (): Expression => {
    if (isSign('(')) {
      i++
      const inner = either()
      expect(')')
      return inner
    }
    if (tokens[i]?.word === undefined || isSign('[')) return { literal: literal() }
    const name = word()
    if (name === 'contains') {
      expect('(')
      const args = Object.fromEntries(list(')', () => named(operand)))
      if (!args['value'] || !args['set']) throw new Error('contains needs value and set')
      return { contains: args['value'], set: args['set'] }
    }
    if (name !== 'r') throw new Error(`unknown name ${name}`)
    expect('.')
    return { column: word() }
  }
  const comparison = (): Expression => {
    const left = operand()
    for (const op of ['==', '>'] as const)
      if (isSign(op)) {
        i++
        return { op, left, right: operand() }
      }
    return left
  }
  const chain = (op: 'and' | 'or', next: () => Expression) => (): Expression => {
    let left = next()
    while (tokens[i]?.word === op) {
      i++
      left = { op, left, right: next() }
    }
    return left
  }
  const both = chain('and', comparison)
  const either = chain('or', both)
  const named = <T>(read: () => T): [string, T] => {
    const name = word()
    expect(':')
    return [name, read()]
  }
  const argument = (): Literal | { readonly predicate: Expression } => {
    if (!isSign('(')) return literal()
    i++
    if (word() !== 'r') throw new Error('a predicate takes r')
    expect(')')
    expect('=>')
    return { predicate: either() }
  }
  const call = (): Call => {
    const name = word()
    expect('(')
    return { name, args: Object.fromEntries(list(')', () => named(argument))) }
  }
  const calls = [call()]
  while (i < tokens.length) {
    expect('|>')
    calls.push(call())
  }
  return calls
}
