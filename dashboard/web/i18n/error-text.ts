/** A refusal of the server in the words of the screen. */
import { ApiError } from '../api/client.ts'
import { common } from './common.ts'
import { language } from './language.ts'

/** @param error whatever was caught; the server's own sentence is used where we have no word for its code */
export function errorText(error: unknown): string {
  const words = common[language.value]
  if (!(error instanceof ApiError)) return words.otherError(error instanceof Error ? error.message : String(error))
  const known: Readonly<Record<string, string>> = words.error
  return known[error.code] ?? words.otherError(`${error.code} ${error.message}`)
}
