/** One open screen: what it watches, and what it is still to be sent. `seq` counts what is sent, so merged updates leave no gap. */
import type { Socket } from 'socket.io'
import type { Alarm } from '../../../domain/alarm.ts'
import type { ClientToServer, DeviceState, EstateSummary, LineHealth, ServerToClient } from '../../../domain/live.ts'
import { maySee } from '../access.ts'
import type { Session } from '../records/sessions.ts'
import { concerns } from './alarm-board.ts'
import { createFlow } from './flow.ts'

export type LiveSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, { token: string; session: Session }>

export interface Watcher {
  readonly socket: LiveSocket
  session: Session
  /** Id of the estate it watches; undefined for none or for the overview. */
  estate(): string | undefined
  watchesAll(): boolean
  watchEstate(estate: string, snapshot: { readonly devices: readonly DeviceState[]; readonly alarms: readonly Alarm[] }): void
  watchAll(): void
  stopWatching(): void
  refuse(estate: string, code: string): void
  changed(devices: readonly DeviceState[]): void
  flush(): void
  alarm(alarm: Alarm): void
  estates(summaries: readonly EstateSummary[]): void
  heartbeat(now: number, health: LineHealth): void
  end(): void
}

export function createWatcher(socket: LiveSocket, session: Session): Watcher {
  const flow = createFlow(socket)
  const pending = new Map<string, DeviceState>()
  let watched: { readonly estate: string } | { readonly estates: true } | undefined
  let seq = 0
  const estate = () => (watched && 'estate' in watched ? watched.estate : undefined)

  const watcher: Watcher = {
    socket,
    session,
    estate,
    watchesAll: () => watched !== undefined && 'estates' in watched,
    watchEstate: (id, snapshot) => {
      watched = { estate: id }
      pending.clear()
      socket.emit('snapshot', { estate: id, seq: ++seq, ...snapshot })
      flow.sent()
    },
    watchAll: () => {
      watched = { estates: true }
      pending.clear()
    },
    stopWatching: () => {
      watched = undefined
      pending.clear()
    },
    refuse: (id, code) => void socket.emit('refused', { estate: id, code }),
    changed: (devices) => {
      for (const device of devices) pending.set(`${device.kind}/${device.id}`, device)
    },
    flush: () => {
      const id = estate()
      if (id === undefined || pending.size === 0 || !flow.isReady()) return
      socket.emit('changes', { estate: id, seq: ++seq, devices: [...pending.values()] })
      pending.clear()
      flow.sent()
    },
    alarm: (alarm) => {
      const id = estate()
      if (id !== undefined && concerns(alarm, id) && maySee(watcher.session.user, id)) socket.emit('alarm', alarm)
    },
    estates: (summaries) => {
      if (!flow.isReady()) return
      socket.emit(
        'estates',
        summaries.filter(({ id }) => maySee(watcher.session.user, id)),
      )
      flow.sent()
    },
    heartbeat: (now, health) => void socket.emit('heartbeat', { now, seq, health }),
    end: () => {
      socket.emit('session-ended')
      socket.disconnect(true)
    },
  }
  return watcher
}
