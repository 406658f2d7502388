/** Which credentials a client certificate stands for: user names in its common name or its DNS names. */
import type { TLSSocket } from 'node:tls'
import { parseCredentialUsername } from '../domain/credential.ts'

/** Empty without a certificate of our CA, or when it names none of ours. */
export function certifiedNames(socket: TLSSocket): readonly string[] {
  if (!socket.authorized) return []
  const { subject, subjectaltname = '' } = socket.getPeerCertificate()
  return namesIn([subject.CN ?? []].flat(), subjectaltname)
}

/** Pure: `alternatives` as Node writes them, `DNS:a, URI:b, DNS:"with, a comma"`. User names hold nothing that is quoted. */
export function namesIn(commonNames: readonly string[], alternatives: string): readonly string[] {
  const unquoted = alternatives.replace(/"(?:[^"\\]|\\.)*"/g, '')
  const dnsNames = unquoted.split(', ').flatMap((name) => (name.startsWith('DNS:') ? [name.slice('DNS:'.length)] : []))
  return [...new Set([...commonNames, ...dnsNames])].filter((name) => parseCredentialUsername(name) !== undefined)
}
