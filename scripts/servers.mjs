/** The real servers that tests and benchmarks run against, from Debian's packages. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const NEEDED = {
  '/usr/bin/influxd': 'influxdb',
  '/usr/bin/chromium': 'chromium',
  '/usr/bin/mosquitto_pub': 'mosquitto-clients',
  '/usr/bin/faketime': 'faketime',
  '/usr/share/fonts/opentype/noto': 'fonts-noto-cjk',
}

/**
 * Installs what is missing, as root on a Debian.
 * @returns the packages that are still missing, so that the caller can say what it leaves out
 */
export function installServers() {
  const missing = Object.entries(NEEDED)
    .filter(([path]) => !existsSync(path))
    .map(([, name]) => name)
  if (missing.length === 0) return []
  if (process.platform !== 'linux' || process.getuid() !== 0 || !existsSync('/usr/bin/apt-get')) return missing
  console.log(`Installing ${missing.join(', ')} …`)
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  execFileSync('apt-get', ['update', '-qq'], quiet)
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], quiet)
  return []
}
