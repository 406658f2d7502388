/** Writes a brotli file beside each text file of the build, so that the server has nothing to compress while it serves. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { Plugin } from 'vite'

const TEXT = /\.(js|css|html|svg|json|webmanifest)$/
/** Smaller ones fit one packet anyway. */
const LEAST_BYTES = 1024

export function brotli(): Plugin {
  return {
    name: 'brotli',
    apply: 'build',
    // From the files as they were written: other plugins still change the bundle before.
    writeBundle({ dir = '' }, bundle) {
      for (const fileName of Object.keys(bundle).filter((name) => TEXT.test(name))) {
        const path = join(dir, fileName)
        const source = readFileSync(path)
        if (source.byteLength >= LEAST_BYTES) writeFileSync(`${path}.br`, brotliCompressSync(source)) // quality 11 unless told
      }
    },
  }
}
