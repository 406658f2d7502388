/** Which address shows which view; each view is loaded when it is first asked for. */
import { loadSession, session } from './api/session.ts'
import { createRouter } from './routing/router.ts'

const frame = () => import('./frame/EstateFrame.vue')

export const router = createRouter({
  home: '/estates',
  records: [
    { path: '/sign-in', view: () => import('./views/sign-in/SignIn.vue'), open: true },
    { path: '/account', view: () => import('./views/account/Account.vue') },
    { path: '/estates', view: () => import('./views/estates/Estates.vue') },
    { path: '/estates/:estate', frame, view: () => import('./views/desk/Desk.vue') },
    { path: '/estates/:estate/lifts', frame, view: () => import('./views/lifts/Lifts.vue') },
    { path: '/estates/:estate/devices/:kind', frame, view: () => import('./views/devices/Devices.vue') },
    { path: '/estates/:estate/devices/:kind/:device', frame, view: () => import('./views/device/Device.vue') },
    { path: '/estates/:estate/connect/:username?', frame, view: () => import('./views/connect/Connect.vue') },
    { path: '/operations', view: () => import('./views/operations/Operations.vue') },
  ],
  /** Everything but the sign-in page needs a session; the address asked for is kept. */
  guard: async (route, { open }) => {
    if (open || session.value || (await loadSession())) return undefined
    return { path: '/sign-in', query: { to: route.fullPath } }
  },
})
