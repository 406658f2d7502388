import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { projectRoot } from '../../project-root.ts'

/** Where text of others comes in. */
const FOLDERS = ['domain', 'devices', 'broker', 'ingest', 'alarms', 'storage', 'estates', 'dashboard/server']
const LENGTH = 20_000
/** A pattern that goes through a text once needs a few ms; one that goes back and forth needs minutes. */
const MOST_MS = 1000
const UNITS = [
  'a',
  '0',
  ' ',
  '\t',
  '-',
  '/',
  '.',
  '+',
  '#',
  '\n',
  ':',
  ',',
  'a/',
  'a-',
  '0.',
  ' a',
  '__',
  'a@',
  '%2',
  '(',
  '"',
  'é',
  'ab:',
  '1e',
]
const ENDS = ['', '!', '\n', '\u0000', 'a', '0', ' ']

function walk(path: string): string[] {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => walk(join(path, name))) : [path]
}

function patternsIn(path: string): readonly string[] {
  const found: string[] = []
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest)
  const look = (node: ts.Node) => {
    if (ts.isRegularExpressionLiteral(node)) found.push(node.text)
    ts.forEachChild(node, look)
  }
  look(source)
  return found
}

const files = FOLDERS.flatMap((folder) => walk(join(projectRoot, folder))).filter((path) => path.endsWith('.ts'))
const patterns = files.flatMap((path) => patternsIn(path).map((text) => [relative(projectRoot, path), text] as const))

test('no pattern that the server uses on what others send takes long over any text', { timeout: 120_000 }, () => {
  expect(patterns.length).toBeGreaterThan(30)
  const bombs = UNITS.flatMap((unit) => ENDS.map((end) => unit.repeat(LENGTH / unit.length) + end))
  const slow = patterns.flatMap(([file, text]) => {
    const [, body, flags] = /^\/(.*)\/([a-z]*)$/s.exec(text)!
    const pattern = new RegExp(body!, flags!.replace('g', ''))
    const worst = Math.max(
      ...bombs.map((bomb) => {
        const at = performance.now()
        pattern.test(bomb)
        return performance.now() - at
      }),
    )
    return worst > MOST_MS ? [`${file}: ${text} took ${Math.round(worst)} ms`] : []
  })
  expect(slow).toEqual([])
})
