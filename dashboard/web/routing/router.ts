/**
 * The addresses of the screens: one record for each, views loaded when first asked for. Written by hand because the first load
 * of the desk has 90 KiB for everything, and the usual router would take nine of them for what is a table of ten patterns.
 */
import { markRaw, shallowReactive, shallowRef, type App, type Component } from 'vue'
import RouterLink from './RouterLink.vue'
import RouterView from './RouterView.vue'
import { hrefOf } from './href.ts'
import { routeKey, routerKey, shownKey, type Route, type Router, type Shown, type To } from './keys.ts'
import { matchPath } from './match.ts'

type Load = () => Promise<{ readonly default: Component }>

export interface RouteRecord {
  readonly path: string
  readonly view: Load
  /** Stays while one changes between the views inside it; shows them with `<RouterView />`. */
  readonly frame?: Load
  /** Shown to people who are not signed in. */
  readonly open?: boolean
}

export interface RouterOptions {
  readonly records: readonly RouteRecord[]
  /** Where an unknown address leads. */
  readonly home: string
  /** @returns another address, or undefined to let it pass */
  readonly guard: (route: Route, record: RouteRecord) => Promise<To | undefined>
}

export function createRouter({ records, home, guard }: RouterOptions): Router & { install(app: App): void } {
  const shown = shallowRef<Shown>()
  const first = routeOf(location.pathname + location.search)
  const currentRoute = shallowRef(first)
  const route = shallowReactive({ ...first })
  let newest = 0

  const go = async (to: To, how: 'pushState' | 'replaceState' | undefined): Promise<void> => {
    const mine = ++newest
    const wanted = routeOf(typeof to === 'string' ? to : hrefOf(to))
    const found = findRecord(records, wanted)
    if (!found) return go(home, 'replaceState')
    const elsewhere = await guard(found.route, found.record)
    if (mine !== newest) return // someone has gone on meanwhile
    if (elsewhere !== undefined) return go(elsewhere, 'replaceState')
    const loaded = await load(found.record, wanted.fullPath)
    if (mine !== newest || !loaded) return
    if (how) history[how](null, '', wanted.fullPath)
    Object.assign(route, found.route)
    currentRoute.value = found.route
    shown.value = { route: found.route, view: markRaw(loaded.view), frame: loaded.frame && markRaw(loaded.frame) }
  }
  window.addEventListener('popstate', () => void go(location.pathname + location.search, undefined))

  const router: Router = { currentRoute, push: (to) => go(to, 'pushState'), replace: (to) => go(to, 'replaceState') }
  return {
    ...router,
    install: (app) => {
      app.component('RouterLink', RouterLink).component('RouterView', RouterView)
      app.provide(routerKey, router).provide(routeKey, route).provide(shownKey, shown)
      void go(first.fullPath, 'replaceState')
    },
  }
}

function findRecord(records: readonly RouteRecord[], route: Route): { record: RouteRecord; route: Route } | undefined {
  for (const record of records) {
    const params = matchPath(record.path, route.path)
    if (params) return { record, route: { ...route, params } }
  }
  return undefined
}

/** After an update of the server the old page asks for files that are gone: it is loaded anew. Without a server it stays as it is. */
async function load(record: RouteRecord, fullPath: string): Promise<{ view: Component; frame: Component | undefined } | undefined> {
  try {
    const [view, frame] = await Promise.all([record.view(), record.frame?.()])
    return { view: view.default, frame: frame?.default }
  } catch {
    const alive = await fetch('/healthz').catch(() => undefined)
    if (alive) location.assign(fullPath)
    return undefined
  }
}

function routeOf(address: string): Route {
  const url = new URL(address, location.origin)
  return { path: url.pathname, fullPath: url.pathname + url.search, params: {}, query: Object.fromEntries(url.searchParams) }
}
