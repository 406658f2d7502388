/** `npm test [-- filter]`: does its own set-up, runs every project, and ends with the one line `N passed, N failed, N skipped`. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { prepare } from '../scripts/prepare.mjs'
import { installServers } from '../scripts/servers.mjs'

await prepare()
const missing = installServers()
if (missing.length > 0) console.log(`Not root: tests that need ${missing.join(', ')} will be skipped. Install these packages to run them.`)
const report = join('.cache', 'test-report.json')
mkdirSync('.cache', { recursive: true })
rmSync(report, { force: true })
const args = [
  join('node_modules', 'vitest', 'vitest.mjs'),
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = existsSync(report)
  ? JSON.parse(readFileSync(report, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0, testResults: [] }
// a file that fails before its first test counts as a failure of its own
const brokenFiles = testResults.filter(
  (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
).length
const failed = numFailedTests + brokenFiles
// an error outside any test is a failure too
console.log(`${numPassedTests} passed, ${status !== 0 && failed === 0 ? 1 : failed} failed, ${numPendingTests + numTodoTests} skipped`)
process.exit(status === 0 && numPassedTests > 0 ? 0 : 1)
