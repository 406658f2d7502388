/** Keeps the newest messages of a credential, each once, newest first. */
import type { Decoded } from '../../../../domain/reading.ts'

export interface CredentialMessage {
  readonly seq: number
  readonly receivedAt: number
  readonly topic: string
  readonly payload: string
  readonly outcomes: readonly Decoded[]
}

export const MOST_MESSAGES = 50

export function takeMessages(shown: readonly CredentialMessage[], fresh: readonly CredentialMessage[]): readonly CredentialMessage[] {
  const known = new Set(shown.map(({ seq }) => seq))
  const added = fresh.filter(({ seq }) => !known.has(seq))
  if (added.length === 0) return shown
  return [...shown, ...added].sort((a, b) => b.seq - a.seq).slice(0, MOST_MESSAGES)
}

export function countOutcomes(messages: readonly CredentialMessage[]): { readonly ok: number; readonly bad: number } {
  const outcomes = messages.flatMap((message) => message.outcomes)
  const ok = outcomes.filter((outcome) => outcome.ok).length
  return { ok, bad: outcomes.length - ok }
}
