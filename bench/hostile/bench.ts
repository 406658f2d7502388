/** `npm run bench -- hostile [--packets 100000] [--requests 10000] [--seed 1]`. */
import { parseArgs } from 'node:util'
import type { Bench } from '../report.ts'
import { runHostile } from './hostile.ts'

const hostile: Bench = (args) => {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: { packets: { ...text, default: '100000' }, requests: { ...text, default: '10000' }, seed: { ...text, default: '1' } },
  })
  return runHostile({ packets: Number(values.packets), requests: Number(values.requests), seed: Number(values.seed) }, (line) =>
    console.error(line),
  )
}

export default hostile
