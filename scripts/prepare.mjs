/** Installs the packages of the lock file and builds `dist/`, each only when it is missing or older than its sources, and says how far it is. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const SOURCES = ['domain', 'devices', 'storage', 'broker', 'ingest', 'alarms', 'estates', 'dashboard', 'simulators', 'scripts', 'bench']
const NOT_SOURCES = /\.(md|jsonl|ya?ml)$/

/** @param {{ quiet?: boolean }} [options] */
export async function prepare(options = {}) {
  const say = options.quiet ? () => {} : (text) => console.log(text)
  if (!isInstalled()) {
    say('安装依赖 Installing packages (npm ci) …')
    await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'])
  }
  await step(join(root, 'dist', '.estatewatch-built'), digest(...listing()), async () => {
    say('编译 Building server and dashboard …')
    const started = Date.now()
    await Promise.all([
      run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--noCheck']),
      run(process.execPath, [
        join(root, 'node_modules/vite/bin/vite.js'),
        'build',
        '-c',
        'dashboard/web/vite.config.ts',
        '--logLevel',
        'error',
      ]),
    ])
    copyFileSync(join(root, 'config.mjs'), join(root, 'dist', 'config.mjs')) // plain JavaScript, which tsc leaves where it is
    say(`编译完成 Built in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  })
}

/** Does node_modules hold what the lock file names? npm keeps its own list of what it has put there. */
function isInstalled() {
  const list = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(list)) return false
  const packages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages
  const have = packages(list)
  const want = Object.entries(packages(join(root, 'package-lock.json')))
  return want.every(
    ([path, { version, optional, peer }]) => path === '' || (path in have ? have[path].version === version : optional || peer),
  )
}

/** Does the work unless its mark says that it was done for the same input. */
async function step(mark, want, work) {
  if (existsSync(mark) && readFileSync(mark, 'utf8') === want) return
  await work()
  mkdirSync(dirname(mark), { recursive: true })
  writeFileSync(mark, want)
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ${args[0]} ended with ${code}`))))
  })
}

function* listing() {
  const top = readdirSync(root).filter((name) => /\.(ts|mts|mjs|json)$/.test(name))
  for (const name of [...top, ...SOURCES]) yield* files(join(root, name))
}

function* files(path) {
  if (!existsSync(path)) return
  const stat = statSync(path)
  if (stat.isDirectory()) for (const name of readdirSync(path).sort()) yield* files(join(path, name))
  else if (!NOT_SOURCES.test(path)) yield `${path} ${stat.size} ${stat.mtimeMs}\n`
}

function digest(...parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}
