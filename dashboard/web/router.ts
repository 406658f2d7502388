/** Which address shows which view; each view is loaded when it is first asked for. */
import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { loadSession, session } from './api/session.ts'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: '/estates' },
    { path: '/sign-in', component: () => import('./views/sign-in/SignIn.vue'), meta: { open: true } },
    { path: '/estates', component: () => import('./views/estates/Estates.vue') },
    {
      path: '/estates/:estate',
      component: () => import('./frame/EstateFrame.vue'),
      children: [
        { path: '', name: 'desk', component: () => import('./views/desk/Desk.vue') },
        { path: 'lifts', name: 'lifts', component: () => import('./views/lifts/Lifts.vue') },
        { path: 'devices/:kind', name: 'devices', component: () => import('./views/devices/Devices.vue') },
        { path: 'devices/:kind/:device', name: 'device', component: () => import('./views/device/Device.vue') },
        { path: 'connect/:username?', name: 'connect', component: () => import('./views/connect/Connect.vue') },
      ],
    },
    { path: '/account', component: () => import('./views/account/Account.vue') },
    { path: '/operations', component: () => import('./views/operations/Operations.vue') },
    { path: '/:rest(.*)*', redirect: '/estates' },
  ],
})

/** Everything but the sign-in page needs a session; the address asked for is kept. */
router.beforeEach(async (to: RouteLocationNormalized) => {
  if (to.meta['open'] === true || session.value) return true
  return (await loadSession()) ? true : { path: '/sign-in', query: { to: to.fullPath } }
})
