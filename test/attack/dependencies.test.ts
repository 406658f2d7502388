import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../project-root.ts'

interface Locked {
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly hasInstallScript?: boolean
  readonly optional?: boolean
  readonly link?: boolean
}
const read = <T>(name: string) => JSON.parse(readFileSync(join(projectRoot, name), 'utf8')) as T
const own = read<{ dependencies: Record<string, string>; devDependencies: Record<string, string>; scripts: Record<string, string> }>(
  'package.json',
)
const { packages } = read<{ packages: Record<string, Locked> }>('package-lock.json')
const strangers = Object.entries(packages).filter(([path]) => path !== '')

test('every dependency is named with its exact version, and the lock file holds that one', () => {
  for (const [name, version] of Object.entries({ ...own.dependencies, ...own.devDependencies })) {
    expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)])
    expect([name, packages[`node_modules/${name}`]?.version]).toEqual([name, version])
  }
})

test('every package of the lock file bears its checksum and comes from the registry', () => {
  expect(strangers.length).toBeGreaterThan(100)
  for (const [path, { integrity, resolved, link }] of strangers) {
    expect([path, integrity]).toEqual([path, expect.stringMatching(/^sha512-/)])
    expect([path, link ?? false]).toEqual([path, false])
    if (resolved !== undefined) expect([path, resolved]).toEqual([path, expect.stringMatching(/^https:\/\/registry\.npmjs\.org\//)])
  }
})

test('no package runs a script while it is installed, and none would be let', () => {
  const withScripts = strangers
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
  expect(withScripts).toEqual([])
  expect(readFileSync(join(projectRoot, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m)
  expect(Object.keys(own.scripts).filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([])
})
