/** The certificate, key and CA of our TLS listeners: what we accept of the other side, and new files put to use without a restart. */
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { Log } from './log.ts'

export interface TlsFiles {
  readonly certPath: string
  readonly keyPath: string
  /** Of client certificates. */
  readonly caPath?: string
}

/** TLS 1.2 with forward secrecy and authenticated encryption, or TLS 1.3 (BSI TR-02102-2, RFC 9325 §4.2). */
const POLICY = {
  minVersion: 'TLSv1.2',
  honorCipherOrder: true,
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
} as const satisfies SecureContextOptions

const LOOK_MS = 2_000

/** @throws when a file cannot be read or is none of its kind, or the key is not the certificate's */
export function readTlsFiles({ certPath, keyPath, caPath }: TlsFiles): SecureContextOptions {
  const options = {
    ...POLICY,
    cert: readFileSync(certPath),
    key: readFileSync(keyPath),
    ...(caPath === undefined ? {} : { ca: readFileSync(caPath) }),
  }
  createSecureContext(options)
  return options
}

/** Looks at the files each `everyMs`; once a change has rested for that long it is handed to `use`. New files that do not serve are said once, and what was in use stays. */
export function watchTlsFiles(options: {
  readonly files: TlsFiles
  readonly use: (options: SecureContextOptions) => void
  readonly log: Log
  readonly everyMs?: number
}): { close(): void } {
  const { files, log } = options
  let seen = stampOf(files)
  let inUse = seen
  const look = () => {
    const stamp = stampOf(files)
    const hasRested = stamp === seen
    seen = stamp
    if (!hasRested || stamp === inUse) return
    inUse = stamp // also when it does not serve: said once
    try {
      options.use(readTlsFiles(files))
      log.info({ certificate: files.certPath }, 'new TLS files are in use')
    } catch (error) {
      log.error({ err: error, ...files }, 'the new TLS files do not serve; those before stay in use')
    }
  }
  const timer = setInterval(look, options.everyMs ?? LOOK_MS)
  timer.unref()
  return { close: () => clearInterval(timer) }
}

function stampOf({ certPath, keyPath, caPath }: TlsFiles): string {
  const paths = [certPath, keyPath, ...(caPath === undefined ? [] : [caPath])]
  return paths
    .map((path) => {
      const stat = statSync(path, { throwIfNoEntry: false })
      return stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : 'none'
    })
    .join()
}
