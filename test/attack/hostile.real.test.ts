import { expect, test } from 'vitest'
import { runHostile } from '../../bench/hostile/hostile.ts'
import { isMet } from '../../bench/report.ts'

// The whole count (100,000 and 10,000) is `npm run bench -- hostile`.
test(
  'a tenth of the hostile packets, payloads and requests: nobody dies, grows or is disturbed, and each is counted',
  { timeout: 400_000 },
  async () => {
    const said: string[] = []
    const report = await runHostile({ packets: 10_000, requests: 1_000, seed: 5 }, (line) => said.push(line))
    expect(report.figures, said.join('\n')).toMatchObject({ died: 0, uncounted: 0, wrong_answers: 0, good_lost: 0 })
    expect(isMet(report.limits), JSON.stringify(report.figures)).toBe(true)
  },
)
