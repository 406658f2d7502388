/** When whom is killed: follows from the seed alone, so that a run can be repeated. */
import { ROLES, type Role } from '../../domain/role-status.ts'
import { seedOf, startRandom } from '../../simulators/random.ts'

export type Victim = Role | 'supervisor' | 'influxd'

export interface Kill {
  /** After the load has begun. */
  readonly atMs: number
  readonly victim: Victim
  /** How long it stays away; for those that nobody but us starts again. */
  readonly awayMs: number
}

export interface PlanOptions {
  readonly kills: number
  readonly seed: number
  readonly influx: boolean
  readonly meanGapMs?: number
}

const MEAN_GAP_MS = 3600
/** Two kills may follow each other so closely that the first victim is not yet back. */
const LEAST_GAP_MS = 100
const LEAST_AWAY_MS = 300
const MOST_AWAY_MS = 4000

/** Everybody once, in random order, before anybody twice. */
export function planKills({ kills, seed, influx, meanGapMs = MEAN_GAP_MS }: PlanOptions): readonly Kill[] {
  const random = startRandom(seedOf(seed, 'kills'))
  const everybody: readonly Victim[] = [...ROLES, 'supervisor', ...(influx ? (['influxd'] as const) : [])]
  const plan: Kill[] = []
  let bag: Victim[] = []
  for (let atMs = 0; plan.length < kills;) {
    if (bag.length === 0) bag = [...everybody]
    const [victim] = bag.splice(Math.floor(random() * bag.length), 1)
    atMs += LEAST_GAP_MS + random() * 2 * (meanGapMs - LEAST_GAP_MS)
    plan.push({
      atMs: Math.round(atMs),
      victim: victim!,
      awayMs: Math.round(LEAST_AWAY_MS + random() * (MOST_AWAY_MS - LEAST_AWAY_MS)),
    })
  }
  return plan
}
