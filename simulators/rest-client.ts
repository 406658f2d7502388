/** Asks a running Estatewatch over its REST API, as a person who signed in. */
import { AppError, ERRORS, type ErrorCode } from '../domain/errors.ts'

export interface RestClient {
  /** `path` below `/api/v1`. @throws AppError with the code the server gave */
  call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T>
}

export async function signIn(options: { readonly url: string; readonly username: string; readonly password: string }): Promise<RestClient> {
  const base = `${options.url.replace(/\/+$/, '')}/api/v1`
  const call = async <T>(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    cookie?: string,
  ): Promise<{ body: T; cookie: string | undefined }> => {
    const answer = await fetch(base + path, {
      method,
      headers: { ...(cookie === undefined ? {} : { cookie }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new RangeError(`nothing answers at ${options.url} (${error instanceof Error ? error.message : String(error)})`)
    })
    const text = await answer.text()
    if (answer.ok)
      return { body: (text === '' ? undefined : JSON.parse(text)) as T, cookie: answer.headers.getSetCookie()[0]?.split(';')[0] }
    throw toError(answer.status, text)
  }
  const { cookie } = await call('POST', '/session', { username: options.username, password: options.password })
  return { call: async (method, path, body) => (await call<never>(method, path, body, cookie)).body }
}

function toError(status: number, text: string): Error {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: string; message?: string } }
    if (error?.code !== undefined && error.code in ERRORS) return new AppError(error.code as ErrorCode, error.message)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return new RangeError(`the server answered ${status}: ${text.slice(0, 200)}`)
}
