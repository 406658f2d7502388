/** Writes invented estates for load and for the overview: `npm run estates -- --count 38 --seed 7 [--out folder]`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseEstate } from '../estates/load.ts'
import { writeEstate } from '../estates/write.ts'
import { inventEstates } from './estate-maker/invent.ts'

const USAGE = 'usage: npm run estates -- --count 38 --seed 7 [--out folder]   (count 1 to 1,000, seed 0 to 4,294,967,295)'

function readOptions() {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '38' },
      seed: { type: 'string', default: '7' },
      out: { type: 'string', default: 'data/estates' },
    },
  })
  const [count, seed] = [Number(values.count), Number(values.seed)]
  if (!Number.isInteger(count) || count < 1 || count > 1000) throw new RangeError('--count must be a whole number from 1 to 1,000')
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
    throw new RangeError('--seed must be a whole number from 0 to 4,294,967,295')
  return { count, seed, out: resolve(values.out) }
}

function main(): void {
  const { count, seed, out } = readOptions()
  mkdirSync(out, { recursive: true })
  let devices = 0
  for (const estate of inventEstates({ count, seed })) {
    const text = writeEstate(estate)
    const parsed = parseEstate(text)
    if (!parsed.ok) throw new Error(`${estate.id} has faults: ${JSON.stringify(parsed.faults.slice(0, 5))}`)
    writeFileSync(join(out, `${estate.id}.yaml`), text)
    devices += estate.devices.length
  }
  process.stdout.write(`${count} estates with ${devices} devices in ${out}\n`)
}

try {
  main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`)
  process.exitCode = 64
}
