import { createApp, h, nextTick, type App, type Component } from 'vue'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import RouterView from '../../../../dashboard/web/routing/RouterView.vue'
import { createRouter } from '../../../../dashboard/web/routing/router.ts'
import { useRoute } from '../../../../dashboard/web/routing/use-route.ts'

const plain = (text: string) => Promise.resolve<{ default: Component }>({ default: () => h('p', text) })
let frames = 0
const Frame: Component = {
  setup: () => {
    frames += 1
    return () => h('main', [h(RouterView)])
  },
}
const Device: Component = {
  setup: () => {
    const route = useRoute()
    return () => h('a', { href: '/estates' }, `device ${String(route.params['device'])}`)
  },
}
const frame = () => Promise.resolve({ default: Frame })
let signedIn = true
let app: App
let element: HTMLElement
let router: ReturnType<typeof createRouter>
const go = async (path: string) => {
  await router.push(path)
  await nextTick()
  return element.textContent
}

beforeEach(async () => {
  frames = 0
  signedIn = true
  history.replaceState(null, '', '/')
  router = createRouter({
    home: '/estates',
    records: [
      { path: '/sign-in', view: () => plain('sign in'), open: true },
      { path: '/estates', view: () => plain('estates') },
      { path: '/estates/:estate', frame, view: () => plain('desk') },
      { path: '/estates/:estate/devices/:device', frame, view: () => Promise.resolve({ default: Device }) },
    ],
    guard: (route, { open }) => Promise.resolve(open || signedIn ? undefined : { path: '/sign-in', query: { to: route.fullPath } }),
  })
  app = createApp(() => h(RouterView))
  element = document.createElement('div')
  app.use(router).mount(element)
  await router.replace('/estates')
  await nextTick()
})
afterEach(() => app.unmount())

describe('the addresses of the screens', () => {
  it('leads an unknown address home', async () => {
    expect(await go('/nowhere/at/all')).toBe('estates')
    expect(location.pathname).toBe('/estates')
  })

  it('keeps the frame of an estate between its views and makes a new one for another', async () => {
    expect(await go('/estates/a')).toBe('desk')
    expect(await go('/estates/a/devices/d1')).toBe('device d1')
    expect(await go('/estates/a/devices/d2')).toBe('device d2')
    expect(frames).toBe(1)
    await go('/estates/b')
    expect(frames).toBe(2)
  })

  it('sends a stranger to sign in, and keeps where they wanted to go', async () => {
    signedIn = false
    expect(await go('/estates/a?x=1')).toBe('sign in')
    expect(router.currentRoute.value.query).toEqual({ to: '/estates/a?x=1' })
  })

  it('lets the newest of two quick steps win', async () => {
    const slow = router.push('/estates/a')
    await go('/estates')
    await slow
    expect(element.textContent).toBe('estates')
  })

  it('keeps a step back out of the history when it replaces', async () => {
    const before = history.length
    await router.replace('/estates/a')
    expect(history.length).toBe(before)
    expect(location.pathname).toBe('/estates/a')
  })
})
