/** Components that every template may use without importing them. */
import type RouterLink from './RouterLink.vue'
import type RouterView from './RouterView.vue'

declare module 'vue' {
  export interface GlobalComponents {
    RouterLink: typeof RouterLink
    RouterView: typeof RouterView
  }
}
