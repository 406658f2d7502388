/** Puts the code of an event into ours: the kind's own words, or a fault code of one of its schemes. */
import type { KindDefinition } from '../../domain/device-kind.ts'
import type { Rejection } from '../../domain/rejection.ts'
import { quote } from '../formats/json.ts'

/** Our code for an event that raises nothing, such as "no fault" or "inspection". */
export const NO_ALARM = 'none'
/** Our code for a lift fault that its scheme does not list: it is shown with scheme and code. */
export const OTHER_FAULT = 'other-fault'

export type EventCode =
  | { readonly ok: true; readonly code: string; readonly scheme?: string; readonly wireCode?: string }
  | { readonly ok: false; readonly rejection: Rejection }

const WIRE_CODE = /^[0-9A-Za-z_.-]{1,32}$/

export function readEventCode(
  definition: KindDefinition,
  { code, scheme }: { readonly code: unknown; readonly scheme: unknown },
): EventCode {
  return scheme === undefined || scheme === null ? readOwn(definition, code) : readScheme(definition, code, scheme)
}

function readOwn(definition: KindDefinition, code: unknown): EventCode {
  if (typeof code === 'string' && definition.events.includes(code)) return { ok: true, code }
  if (definition.schemes && (typeof code === 'number' || (typeof code === 'string' && /^\d+$/.test(code))))
    return fail('unknown-scheme', {
      field: 'scheme',
      detail: `Code ${quote(code)} has no scheme; send one of ${Object.keys(definition.schemes).join(', ')}.`,
      value: 'undefined',
    })
  return fail('unknown-code', {
    field: 'code',
    detail: `A ${definition.kind} has no event ${quote(code)}; send one of ${definition.events.join(', ') || 'none'}.`,
    value: quote(code),
  })
}

function readScheme(definition: KindDefinition, code: unknown, scheme: unknown): EventCode {
  const schemes = definition.schemes ?? {}
  if (typeof scheme !== 'string' || !Object.hasOwn(schemes, scheme))
    return fail('unknown-scheme', {
      field: 'scheme',
      detail: `A ${definition.kind} has no scheme ${quote(scheme)}; send ${Object.keys(schemes).join(', ') || 'none'}.`,
      value: quote(scheme),
    })
  const wireCode = typeof code === 'number' && Number.isInteger(code) ? String(code) : code
  if (typeof wireCode !== 'string' || !WIRE_CODE.test(wireCode))
    return fail('unknown-code', {
      field: 'code',
      detail: `The code is ${quote(code)}; send a whole number or a word of at most 32 characters.`,
      value: quote(code),
    })
  const table = schemes[scheme]!
  const key = [wireCode, withoutZeros(wireCode), withoutZeros(wireCode).padStart(2, '0')].find((candidate) =>
    Object.hasOwn(table, candidate),
  )
  return { ok: true, code: key === undefined ? OTHER_FAULT : (table[key] ?? NO_ALARM), scheme, wireCode }
}

/** Lists print `08`, devices send 8. */
function withoutZeros(code: string): string {
  return code.replace(/^0+(?=\d)/, '')
}

function fail(reason: Rejection['reason'], about: Omit<Rejection, 'reason'>): EventCode {
  return { ok: false, rejection: { reason, ...about } }
}
