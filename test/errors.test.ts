import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ERRORS } from '../domain/errors.ts'
import { REJECTION_REASONS } from '../domain/rejection.ts'
import { projectRoot } from '../project-root.ts'

const page = readFileSync(join(projectRoot, 'docs/errors.md'), 'utf8')
const rows = (heading: string) =>
  page
    .split(`## ${heading}\n`)[1]!
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))

it('docs/errors.md holds exactly the codes, statuses and words of the error table', () => {
  const documented = rows('Error codes').map(([, code, status, text]) => [code, status, text])
  expect(documented).toEqual(Object.entries(ERRORS).map(([code, { status, text }]) => [`\`${code}\``, String(status), text]))
})

it('docs/errors.md names exactly the reasons for which a message is rejected', () => {
  expect(rows('Rejected messages').map(([, reason]) => reason)).toEqual(REJECTION_REASONS.map((reason) => `\`${reason}\``))
})
