/** The scenarios that come with Estatewatch: `simulators/scenarios/<name>.yaml`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../project-root.ts'
import { parseScenario, type Scenario } from './scenario.ts'

const FOLDER = join(projectRoot, 'simulators', 'scenarios')

export function scenarioNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort()
}

/** @throws RangeError that names what is wrong and what there is */
export function readScenario(name: string): Scenario {
  const path = name.endsWith('.yaml') ? name : join(FOLDER, `${name}.yaml`)
  if (!existsSync(path)) throw new RangeError(`there is no scenario ${name}; there are ${scenarioNames().join(', ')}`)
  const short = path.slice(path.lastIndexOf('/') + 1, -'.yaml'.length)
  const parsed = parseScenario(short, readFileSync(path, 'utf8'))
  if (parsed.ok) return parsed.scenario
  const faults = parsed.faults.map(({ line, column, path: place, rule }) => `${path}:${line ?? 1}:${column ?? 1} ${place} ${rule}`)
  throw new RangeError(faults.join('\n'))
}
