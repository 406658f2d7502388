/** The folder of the project, whether the sources run or what was built from them in `dist/`. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder))
}

export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)))

/** A worker thread or child process needs the built file, also when the caller runs from its source (tests). `path` is relative to the root, without ending. */
export function builtFile(path: string): string {
  return join(projectRoot, 'dist', `${path}.js`)
}
