/** Sounds the desk: follows the alarms in the socket's own handler, never a frame, and says so when the browser keeps it quiet. */
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { Alarm } from '../../../domain/alarm.ts'
import { chooseSound, LOST_EVERY_MS, P2_EVERY_MS, SILENCE_MS } from './choose-sound.ts'
import type { Connection } from './live-socket.ts'
import { startTones, type TonePlayer } from './tones.ts'

export interface AlarmSound {
  /** The browser lets nothing sound before a person has clicked: a fault, shown as one. */
  readonly blocked: Readonly<ShallowRef<boolean>>
  /** This computer's time until which F8 keeps the desk quiet; 0 = not. */
  readonly silencedUntil: Readonly<ShallowRef<number>>
  readonly sounding: ComputedRef<'p1' | 'p2' | 'lost' | undefined>
  readonly silence: () => void
  readonly unlock: () => void
}

export interface AlarmSoundOptions {
  readonly alarms: Readonly<ShallowRef<ReadonlyMap<string, Alarm>>>
  readonly connection: Readonly<ShallowRef<Connection>>
  readonly handedIn: Readonly<ShallowRef<ReadonlySet<string>>>
  /** Tests hand in their own. */
  readonly start?: () => TonePlayer
}

export function useAlarmSound({ alarms, connection, handedIn, start = startTones }: AlarmSoundOptions): AlarmSound {
  const player = start()
  const blocked = shallowRef(!player.running())
  const silencedUntil = shallowRef(0)
  const tick = shallowRef(Date.now())
  let silencedWith: ReadonlySet<string> = new Set()
  let played = new Set<string>()
  let repeated: { readonly tone: 'p2' | 'lost'; readonly at: number } | undefined

  const choice = computed(() =>
    chooseSound({
      connection: connection.value,
      alarms: alarms.value.values(),
      handedIn: handedIn.value,
      silencedUntil: silencedUntil.value,
      now: tick.value,
    }),
  )

  const sound = () => {
    blocked.value = !player.running()
    const { hold, repeat, once } = choice.value
    player.hold(hold && !blocked.value)
    if (blocked.value) return
    const every = repeat === 'lost' ? LOST_EVERY_MS : P2_EVERY_MS
    if (!repeat) repeated = undefined
    else if (repeated?.tone !== repeat || tick.value - repeated.at >= every) {
      player.play(repeat)
      repeated = { tone: repeat, at: tick.value }
    }
    if (once.some((id) => !played.has(id))) player.play('p3')
    for (const id of once) played.add(id)
  }

  // A new P1 ends the silence; a healed line sounds everything that is unacknowledged again.
  watch(
    alarms,
    (now) => {
      const fresh = [...now.values()].some((one) => one.priority === 1 && one.state === 'unacknowledged' && !silencedWith.has(one.id))
      if (silencedUntil.value > 0 && fresh) silencedUntil.value = 0
      tick.value = Date.now()
      sound()
    },
    { flush: 'sync' },
  )
  watch(
    connection,
    (now) => {
      if (now === 'lost') played = new Set()
      sound()
    },
    { flush: 'sync' },
  )
  watch([handedIn, silencedUntil], sound, { flush: 'sync' })

  const timer = setInterval(() => {
    tick.value = Date.now()
    if (silencedUntil.value > 0 && tick.value >= silencedUntil.value) silencedUntil.value = 0
    sound()
  }, 500)
  const unlock = () => void player.unlock().then(sound, sound)
  const onGesture = () => {
    if (blocked.value) unlock()
  }
  window.addEventListener('pointerup', onGesture)
  window.addEventListener('keyup', onGesture)
  onScopeDispose(() => {
    clearInterval(timer)
    window.removeEventListener('pointerup', onGesture)
    window.removeEventListener('keyup', onGesture)
    player.hold(false)
    player.close()
  })
  sound()

  return {
    blocked,
    silencedUntil,
    sounding: computed(() => (choice.value.hold ? 'p1' : choice.value.repeat)),
    silence: () => {
      silencedWith = new Set([...alarms.value.values()].filter((one) => one.priority === 1).map((one) => one.id))
      silencedUntil.value = Date.now() + SILENCE_MS
    },
    unlock,
  }
}
