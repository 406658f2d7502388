/** A certificate authority of our own in a folder, and what it signs, made by openssl. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface KeyPair {
  readonly cert: Buffer
  readonly key: Buffer
}

export interface Authority {
  readonly caPath: string
  /** Signs a certificate of this common name; with `dns` names beside it. */
  issue(commonName: string, options?: { readonly dns?: readonly string[] }): KeyPair
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

export function makeAuthority(folder: string, name: string): Authority {
  const file = (ending: string) => join(folder, `${name}.${ending}`)
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'ignore' })
  openssl('req', '-x509', ...EC, '-days', '2', '-subj', `/CN=${name}`, '-keyout', file('key'), '-out', file('crt'))
  let issued = 0
  return {
    caPath: file('crt'),
    issue: (commonName, { dns = [] } = {}) => {
      const [key, request, cert, extensions] = ['key', 'csr', 'crt', 'ext'].map((ending) => file(`${++issued}.${ending}`)) as [
        string,
        string,
        string,
        string,
      ]
      openssl('req', ...EC, '-subj', `/CN=${commonName}`, '-keyout', key, '-out', request)
      writeFileSync(extensions, dns.length > 0 ? `subjectAltName=${dns.map((one) => `DNS:${one}`).join(',')}\n` : '')
      const ca = ['-CA', file('crt'), '-CAkey', file('key'), '-CAcreateserial', '-days', '2']
      openssl('x509', '-req', '-in', request, ...ca, '-extfile', extensions, '-out', cert)
      return { cert: readFileSync(cert), key: readFileSync(key) }
    },
  }
}
