/** Asks the REST interface (`/api/v1`) and turns every refusal into an ApiError that bears the code of the one table. */
import type { ErrorCode, FieldFault } from '../../../domain/errors.ts'

/** `no-answer`: the server could not be reached or did not answer JSON. */
export type ApiErrorCode = ErrorCode | 'no-answer'

export class ApiError extends Error {
  readonly code: ApiErrorCode
  readonly status: number
  readonly fields: readonly FieldFault[]

  constructor(code: ApiErrorCode, message: string, more: { readonly status?: number; readonly fields?: readonly FieldFault[] } = {}) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.status = more.status ?? 0
    this.fields = more.fields ?? []
  }
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON; a string is sent as it is, with `type`. */
  readonly body?: unknown
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/**
 * @param path below `/api/v1`, e.g. `/estates`
 * @returns the parsed answer; undefined for 204
 * @throws ApiError with the server's code, or `no-answer`
 */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(path, options)
  const text = await response.text()
  const answer = text === '' ? undefined : parse(text, response.status)
  if (response.ok) return answer as T
  const error = (answer as { error?: { code: ErrorCode; message: string; fields?: FieldFault[] } } | undefined)?.error
  if (!error) throw new ApiError('no-answer', `HTTP ${response.status}`, { status: response.status })
  throw new ApiError(error.code, error.message, { status: response.status, fields: error.fields ?? [] })
}

async function send(path: string, { method = 'GET', body, type, headers, signal }: CallOptions): Promise<Response> {
  const init: RequestInit = { method, credentials: 'same-origin', headers: { ...headers } }
  if (signal) init.signal = signal
  if (body !== undefined) {
    init.body = typeof body === 'string' ? body : JSON.stringify(body)
    init.headers = { 'content-type': type ?? 'application/json', ...headers }
  }
  try {
    return await fetch(`/api/v1${path}`, init)
  } catch (cause) {
    throw new ApiError('no-answer', cause instanceof Error ? cause.message : String(cause))
  }
}

function parse(text: string, status: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError('no-answer', `HTTP ${status}`, { status })
  }
}
