import { readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../project-root.ts'

/** Each folder and what it may import of ours; the longest prefix of a file's path decides. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'domain/': [],
  'devices/': ['domain/'],
  'storage/': ['domain/'],
  'estates/': ['domain/', 'devices/', 'project-root.ts'],
  'broker/journal/': ['domain/', 'storage/', 'log.ts', 'project-root.ts'],
  'broker/': ['domain/', 'devices/', 'storage/', 'broker/journal/', 'config.ts', 'log.ts', 'project-root.ts', 'tls-files.ts'],
  'ingest/formats/': ['domain/', 'devices/'],
  'ingest/decode': ['domain/', 'devices/', 'ingest/formats/'], // decode.ts and the folder of its parts
  'ingest/': ['domain/', 'devices/', 'storage/', 'broker/journal/', 'ingest/formats/', 'config.ts', 'log.ts', 'project-root.ts'],
  'alarms/': [
    'domain/',
    'devices/',
    'storage/',
    'broker/journal/',
    'ingest/decode',
    'ingest/formats/',
    'config.ts',
    'log.ts',
    'project-root.ts',
  ],
  'dashboard/server/': [
    'domain/',
    'devices/',
    'storage/',
    'estates/',
    'broker/journal/',
    'ingest/decode',
    'ingest/formats/',
    'ingest/stores/',
    'ingest/dead-letters',
    'alarms/alarms-reader.ts',
    'config.ts',
    'log.ts',
    'project-root.ts',
    'tls-files.ts',
  ],
  'dashboard/web/': ['domain/', 'devices/'],
  'simulators/': ['domain/', 'devices/', 'estates/', 'broker/journal/', 'storage/', 'config.ts', 'config.mjs', 'log.ts', 'project-root.ts'],
}

/** A library of the network, a database or the browser, and the only places that may import it. */
const EDGES: Record<string, readonly string[]> = {
  aedes: ['broker/'],
  'aedes-persistence': ['broker/'],
  ws: ['broker/'],
  influx: ['ingest/stores/'],
  '@influxdata/influxdb-client': ['ingest/stores/'],
  libsql: ['storage/'],
  'node:sqlite': ['storage/'],
  kysely: ['dashboard/server/'],
  fastify: ['dashboard/server/'],
  'socket.io': ['dashboard/server/'],
  '@node-rs/argon2': ['dashboard/server/'],
  'prom-client': ['dashboard/server/'],
  'socket.io-client': ['dashboard/web/live/'],
  vue: ['dashboard/web/'],
  echarts: ['dashboard/web/'],
  mqtt: ['simulators/'],
  yaml: ['estates/', 'simulators/', 'dashboard/server/'],
}

const FOLDERS = ['domain', 'devices', 'storage', 'estates', 'broker', 'ingest', 'alarms', 'dashboard', 'simulators']
const files = [...FOLDERS.flatMap((folder) => walk(join(projectRoot, folder)))].filter(
  (path) => /\.(ts|vue)$/.test(path) && !path.endsWith('.d.ts'),
)
const imports = files.map((path) => ({ file: relative(projectRoot, path), targets: importsOf(path) }))

function walk(path: string): string[] {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => walk(join(path, name))) : [path]
}

function importsOf(path: string): { ours: string[]; packages: string[]; values: string[] } {
  const source = readFileSync(path, 'utf8')
  const found = [
    ...source.matchAll(
      /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g,
    ),
  ]
  const names = found.map((match) => ({ type: match[1] !== undefined, name: match[2] ?? match[3]! }))
  const toOurs = (name: string) => relative(projectRoot, resolve(dirname(path), name))
  return {
    ours: names.filter(({ name }) => name.startsWith('.')).map(({ name }) => toOurs(name)),
    values: names.filter(({ name, type }) => name.startsWith('.') && !type).map(({ name }) => toOurs(name)),
    packages: names.filter(({ name }) => !name.startsWith('.')).map(({ name }) => name),
  }
}

function longestPrefix<T>(table: Record<string, T>, file: string): T | undefined {
  const prefix = Object.keys(table)
    .filter((key) => file.startsWith(key))
    .sort((a, b) => b.length - a.length)[0]
  return prefix === undefined ? undefined : table[prefix]
}

/** `broker/journal/` also lets its own files import each other. */
function ownFolder(file: string): string {
  return file.startsWith('dashboard/') ? file.split('/').slice(0, 2).join('/') + '/' : `${file.split('/')[0]!}/`
}

describe('the line', () => {
  it('imports point inward: each folder imports only what stands before it', () => {
    const wrong = imports.flatMap(({ file, targets }) => {
      const may = longestPrefix(MAY_IMPORT, file) ?? []
      const own = file.startsWith('broker/journal/') ? 'broker/journal/' : ownFolder(file)
      return targets.ours
        .filter((target) => !target.startsWith(own) && !may.some((prefix) => target.startsWith(prefix)))
        .map((target) => `${file} imports ${target}`)
    })
    expect(wrong).toEqual([])
  })

  it('a network, database or browser library appears only at its own edge', () => {
    const wrong = imports.flatMap(({ file, targets }) =>
      targets.packages
        .filter((name) => {
          const places = EDGES[name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : name.split('/')[0]!] ?? EDGES[name]
          return places !== undefined && !places.some((place) => file.startsWith(place))
        })
        .map((name) => `${file} imports ${name}`),
    )
    expect(wrong).toEqual([])
  })

  it('no file imports itself by way of others', () => {
    const graph = new Map(imports.map(({ file, targets }) => [file, targets.values]))
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (file: string, path: readonly string[]) => {
      if (path.includes(file)) {
        circles.push([...path.slice(path.indexOf(file)), file].join(' → '))
        return
      }
      if (done.has(file)) return
      for (const next of graph.get(file) ?? []) visit(next, [...path, file])
      done.add(file)
    }
    for (const { file } of imports) visit(file, [])
    expect(circles).toEqual([])
  })

  it('no source file is longer than 300 lines', () => {
    const all = [...FOLDERS, 'test', 'scripts']
      .flatMap((folder) => walk(join(projectRoot, folder)))
      .filter((path) => /\.(ts|mjs|vue|css)$/.test(path))
    const long = all
      .map((path) => [relative(projectRoot, path), readFileSync(path, 'utf8').split('\n').length] as const)
      .filter(([, lines]) => lines > 301)
    expect(long).toEqual([])
  })
})
