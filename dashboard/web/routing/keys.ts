/** How the parts of the routing find each other, and what they hand on. */
import type { Component, InjectionKey, ShallowRef } from 'vue'
import type { Params } from './match.ts'

export interface Route {
  readonly path: string
  readonly fullPath: string
  readonly params: Params
  readonly query: Params
}

export type To = string | { readonly path: string; readonly query?: Params }

export interface Router {
  readonly currentRoute: Readonly<ShallowRef<Route>>
  /** Resolves once the view is there. */
  push(to: To): Promise<void>
  replace(to: To): Promise<void>
}

/** What is on the screen now. */
export interface Shown {
  readonly route: Route
  readonly view: Component
  readonly frame: Component | undefined
}

export const routerKey: InjectionKey<Router> = Symbol('router')
export const routeKey: InjectionKey<Route> = Symbol('route')
export const shownKey: InjectionKey<Readonly<ShallowRef<Shown | undefined>>> = Symbol('shown')
export const insideKey: InjectionKey<boolean> = Symbol('inside a frame')
