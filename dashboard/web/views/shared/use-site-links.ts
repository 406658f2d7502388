/** The pages outside a single estate, for the top row. */
import { computed, type ComputedRef } from 'vue'
import { session } from '../../api/session.ts'
import { useWords } from '../../i18n/words.ts'
import type { NavLink } from '../../parts/fact.ts'
import { sharedWords } from './words.ts'

export function useSiteLinks(): ComputedRef<readonly NavLink[]> {
  const w = useWords(sharedWords)
  return computed(() => [
    { to: '/estates', label: w.value.estates },
    { to: '/operations', label: w.value.operations },
    { to: '/account', label: session.value ? `${w.value.account} ${session.value.name}` : w.value.account },
  ])
}
