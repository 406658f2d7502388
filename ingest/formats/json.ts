/** Puts a payload that should be JSON into a value, or says why it is none. */
import { isAscii, isUtf8 } from 'node:buffer'
import type { Rejection } from '../../domain/rejection.ts'

export type JsonResult = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly rejection: Rejection }

export function parseJson(payload: Uint8Array): JsonResult {
  const text = readText(payload)
  if (text === undefined) return fail('not-utf8', 'The payload is not UTF-8; send JSON in UTF-8.')
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch (error) {
    return fail('not-json', `The payload is not JSON (${shorten(error instanceof Error ? error.message : String(error), 120)}).`)
  }
}

/** @returns undefined if the bytes are not UTF-8. A byte order mark is left out. */
export function readText(payload: Uint8Array): string | undefined {
  const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  if (isAscii(bytes)) return bytes.toString('latin1') // nearly all are, and it is read twice as fast so
  if (!isUtf8(bytes)) return undefined
  const text = bytes.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value as JSON for a sentence about it; whatever its size, at most `length` characters. */
export function quote(value: unknown, length = 60): string {
  if (typeof value === 'string') return JSON.stringify(shorten(value, length - 2))
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[…]' : '{…}'
  return shorten(String(value), length)
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

function fail(reason: Rejection['reason'], detail: string): JsonResult {
  return { ok: false, rejection: { reason, detail } }
}
