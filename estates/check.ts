/** What no schema can see: the parts of an estate must agree with each other. Every disagreement is named, at the part that has to change. */
import type { Estate } from '../domain/estate.ts'
import { checkDevices } from './check-devices.ts'
import { checkDuties } from './check-duties.ts'
import { checkFence } from './check-fence.ts'
import { checkPlan } from './check-plan.ts'
import type { Broken, Disagreement } from './disagreement.ts'

export function checkEstate(estate: Estate, broken: Broken = new Set()): Disagreement[] {
  return [checkPlan, checkFence, checkDevices, checkDuties].flatMap((check) => check(estate, broken))
}
