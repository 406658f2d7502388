/** The plan's view: fitted to its box, zoomed and moved by keys, wheel and pointer; Home brings the whole back. */
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { XY } from '../../../../../domain/geometry.ts'
import type { PlanGeometry } from '../../../plan/plan-geometry.ts'
import { centreOn, fitView, zoomAt, type Margins, type Size, type View } from './view.ts'

const STEP = 1.5
const MOVE_PX = 60

export interface PlanView {
  readonly size: Readonly<Ref<Size>>
  readonly view: ComputedRef<View>
  readonly whole: ComputedRef<boolean>
  /** @param factor > 1 zooms in; about a point of the box, else about what is picked */
  zoom(factor: number, focus?: XY): void
  home(): void
  move(dx: number, dy: number): void
}

export interface PlanViewOptions {
  readonly box: Readonly<Ref<HTMLElement | null>>
  readonly plan: ComputedRef<PlanGeometry>
  readonly margins: ComputedRef<Margins>
  /** The picked alarm's place: where + goes. */
  readonly focus: ComputedRef<XY | undefined>
}

export function usePlanView({ box, plan, margins, focus }: PlanViewOptions): PlanView {
  const size = shallowRef<Size>({ width: 676, height: 520 })
  const own = shallowRef<View>()
  const fitted = computed(() => fitView(plan.value.bounds, size.value, margins.value))
  const observer = new ResizeObserver(([entry]) => {
    if (entry && entry.contentRect.width > 0) size.value = { width: entry.contentRect.width, height: entry.contentRect.height }
  })
  watch(
    box,
    (element, before) => {
      if (before) observer.unobserve(before)
      if (element) observer.observe(element)
    },
    { immediate: true },
  )
  onScopeDispose(() => observer.disconnect())

  const view = computed(() => own.value ?? fitted.value)
  const set = (next: View) => void (own.value = next.scale <= fitted.value.scale * 1.001 ? undefined : next)
  return {
    size,
    view,
    whole: computed(() => own.value === undefined),
    zoom: (factor, at) => {
      const min = fitted.value.scale
      if (!at && focus.value && own.value === undefined && factor > 1) set(centreOn(focus.value, size.value, Math.max(min * STEP, 2.6)))
      else set(zoomAt(view.value, at ?? { x: size.value.width / 2, y: size.value.height / 2 }, { factor, min }))
    },
    home: () => void (own.value = undefined),
    move: (dx, dy) => {
      if (own.value) own.value = { ...own.value, x: own.value.x + dx, y: own.value.y + dy }
    },
  }
}

export const PLAN_KEYS: Readonly<Record<string, (view: PlanView) => void>> = {
  '+': (view) => view.zoom(STEP),
  '=': (view) => view.zoom(STEP),
  '-': (view) => view.zoom(1 / STEP),
  Home: (view) => view.home(),
}

export const MOVE_KEYS: Readonly<Record<string, (view: PlanView) => void>> = {
  ArrowLeft: (view) => view.move(MOVE_PX, 0),
  ArrowRight: (view) => view.move(-MOVE_PX, 0),
  ArrowUp: (view) => view.move(0, MOVE_PX),
  ArrowDown: (view) => view.move(0, -MOVE_PX),
}
