/** The address that is shown, and the way to another: `useRoute().params['device']`, `useRouter().push('/estates')`. */
import { inject } from 'vue'
import { routeKey, routerKey, type Route, type Router } from './keys.ts'

/** Reactive. */
export function useRoute(): Route {
  const route = inject(routeKey)
  if (!route) throw new Error('the app has no router')
  return route
}

export function useRouter(): Router {
  const router = inject(routerKey)
  if (!router) throw new Error('the app has no router')
  return router
}
