/** What a schema found wrong, in words: the rule, what stands there instead and what to do. */
import type { z } from 'zod'
import type { FieldFault } from '../domain/errors.ts'
import type { EstateDocument, Path } from './document.ts'

type Issue = z.core.$ZodIssue

export function toFaults(issues: readonly Issue[], document: EstateDocument, prefix: Path = []): FieldFault[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...(issue.path as (string | number)[])]
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => document.fault([...path, key], `${key} is not known here: remove it or mend its spelling`, true))
    if (isMissing(issue, valueAt(document.value, path)))
      return [document.fault(path, `${String(path.at(-1))} is missing: add it, ${wanted(issue)}`)]
    return [document.fault(path, say(issue, valueAt(document.value, path)))]
  })
}

function isMissing(issue: Issue, value: unknown): boolean {
  return value === undefined && issue.code !== 'custom' && issue.path.length > 0
}

function say(issue: Issue, value: unknown): string {
  if (issue.code === 'custom') return issue.message
  if (issue.code === 'invalid_format' && issue.format === 'regex') return `${issue.message}; this is ${show(value)}`
  return `must be ${wanted(issue)}; this is ${show(value)}`
}

function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return ARTICLES[issue.expected] ?? issue.expected
    case 'invalid_value':
      return issue.values.length === 1 ? JSON.stringify(issue.values[0]) : `one of ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return `${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}${COUNTED[issue.origin] ?? ''}`
    case 'too_big':
      return `${issue.inclusive === true ? 'at most' : 'less than'} ${issue.maximum}${COUNTED[issue.origin] ?? ''}`
    case 'invalid_union':
      return 'discriminator' in issue && issue.discriminator === 'type' ? 'Point, LineString or Polygon' : 'text, a number, true or false'
    default:
      return issue.message
  }
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: 'text (put digits in quotes)',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a position [longitude, latitude]',
  object: 'a set of keys and values',
  record: 'a set of keys and values',
}

const COUNTED: Readonly<Record<string, string>> = { string: ' characters long', array: ' entries long' }

function show(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'a set of keys and values'
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? (part as Record<string | number, unknown>)[key] : undefined),
    value,
  )
}
