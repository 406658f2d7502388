/** Writes the three example estates: `node dist/simulators/make-examples.js <plan of Yangqu Road 760 in metres> [folder]`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEstate } from '../estates/load.ts'
import { writeEstate } from '../estates/write.ts'
import { projectRoot } from '../project-root.ts'
import { drawExample, wenxi251, yangqu } from './estate-maker/example-figures.ts'
import { readPlan } from './estate-maker/read-plan.ts'
import { toEstate } from './estate-maker/to-estate.ts'
import { yangqu760Additions, yangqu760Head } from './estate-maker/yangqu-760.ts'

const [plan, folder = join(projectRoot, 'estates', 'examples')] = process.argv.slice(2)
if (plan === undefined) throw new Error('name the file with the plan of Yangqu Road 760 in metres')

const estates = [
  toEstate(readPlan(readFileSync(plan, 'utf8'), yangqu760Additions), yangqu760Head),
  ...[yangqu, wenxi251].map((example) => toEstate(drawExample(example), example.head)),
]

for (const estate of estates) {
  const text = writeEstate(estate)
  const parsed = parseEstate(text)
  if (!parsed.ok) throw new Error(`${estate.id}: ${JSON.stringify(parsed.faults.slice(0, 10), null, 1)}`)
  writeFileSync(join(folder, `${estate.id}.yaml`), text)
}
