/** `npm start [-- role]`: checks Node and the settings, installs and builds what is missing, then runs main. Plain JavaScript, so that any Node can say what is wrong. */
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Estatewatch needs Node 20.19 or later; this is Node ${process.versions.node}. 需要 Node 20.19 或更新版本。`)
  process.exit(1)
}

const { readSettings, EXIT_BAD_SETTINGS } = await import('./config.mjs')
const ROLES = ['broker', 'ingest', 'alarms', 'dashboard']
const [role, ...rest] = process.argv.slice(2)
const { faults } = readSettings(process.env)
if (role !== undefined && (!ROLES.includes(role) || rest.length > 0))
  faults.push({ name: 'npm start --', rule: `takes one role of ${ROLES.join(', ')}, or none for all of them` })
if (faults.length > 0) {
  console.error('Nothing was started. These settings are wrong 设置有误:')
  for (const { name, rule } of faults) console.error(`  ${name} ${rule}`)
  process.exit(EXIT_BAD_SETTINGS)
}

const { prepare } = await import('./scripts/prepare.mjs')
await prepare()
await import('./dist/main.js')
