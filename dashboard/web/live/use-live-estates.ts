/** All estates of this person once a second: the figures of the overview and of its band. */
import { shallowRef, type ShallowRef } from 'vue'
import type { EstateSummary } from '../../../domain/live.ts'
import { useLiveSocket, type LiveLine, type LiveSocketOptions } from './live-socket.ts'

export interface LiveEstates extends Omit<LiveLine, 'socket' | 'heard' | 'live'> {
  /** undefined until the first message. */
  readonly estates: Readonly<ShallowRef<readonly EstateSummary[] | undefined>>
}

export function useLiveEstates(options: Pick<LiveSocketOptions, 'connect'> = {}): LiveEstates {
  const estates = shallowRef<readonly EstateSummary[]>()
  const line = useLiveSocket({ watch: (socket) => socket.emit('watch', { estates: true }), ...options })
  line.socket.on('estates', (message) => {
    line.heard()
    line.live()
    estates.value = message
  })
  const { connection, heardAt, health, attempt, retryAt, ended, retry } = line
  return { connection, heardAt, health, attempt, retryAt, ended, retry, estates }
}
