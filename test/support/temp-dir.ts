/** A data folder of its own for a test, short enough for a unix socket's path, removed by `remove()`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export function makeTempDir(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'ew-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
