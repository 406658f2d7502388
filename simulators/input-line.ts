/** One line of what happens to a device while a simulation runs: `fence-zone@437 cut chainage_m=437`. */
import type { InputOptions } from '../devices/simulation.ts'
import type { Estate, EstateDevice } from '../domain/estate.ts'
import { parseSelector, selectDevices, SELECTOR_RULE } from './selector.ts'

/** @throws RangeError that says what the line should be */
export function parseInputLine(line: string, estate: Estate): { device: EstateDevice; name: string; options: InputOptions } {
  const [where = '', name, ...pairs] = line.trim().split(/\s+/)
  const selector = parseSelector(where)
  if (!selector || name === undefined) throw new RangeError(`write <device> <what> [name=value …]; a device is ${SELECTOR_RULE}`)
  const device = selectDevices(selector, estate)[0]
  if (!device) throw new RangeError(`estate ${estate.id} has no ${where}`)
  const options = Object.fromEntries(
    pairs.map((pair) => {
      const [key = '', value] = pair.split('=')
      if (key === '' || value === undefined) throw new RangeError(`${pair} must be name=value`)
      return [key, value === 'true' ? true : value === 'false' ? false : Number.isNaN(Number(value)) ? value : Number(value)] as const
    }),
  )
  return { device, name, options }
}
