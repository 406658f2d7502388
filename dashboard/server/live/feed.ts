/** Sends the live state to the open screens over socket.io: a snapshot, then merged changes at most ten times a second, alarms at once, a heartbeat each second. */
import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import { z } from 'zod'
import type { Alarm } from '../../../domain/alarm.ts'
import { SECOND_MS, type Clock } from '../../../domain/clock.ts'
import type { EstateSet } from '../../../domain/estate.ts'
import type { LineHealth } from '../../../domain/live.ts'
import { ID_PATTERN } from '../../../domain/topic.ts'
import type { Log } from '../../../log.ts'
import { maySee } from '../access.ts'
import type { EstatesService } from '../estates-service.ts'
import type { SessionService } from '../session-service.ts'
import type { LiveState } from './live-state.ts'
import { summarise } from './summary.ts'
import { createWatcher, type LiveSocket, type Watcher } from './watcher.ts'

/** At most ten batches a second for each estate, … */
const BATCH_MS = 100
/** … and a change after a quiet time goes out so soon. */
const LOOK_MS = 20
/** Every session is looked up again so often; a desk's counts as used. */
const RENEW_MS = 60 * SECOND_MS
/** A screen that watches again and again gets a snapshot only so often. */
const WATCH_MS = 100

const watchSchema = z.union([z.strictObject({ estates: z.literal(true) }), z.strictObject({ estate: z.string().regex(ID_PATTERN) })])

export interface Feed {
  alarm(alarm: Alarm): void
  /** Estates have changed: who watches one of them gets a new snapshot. */
  estatesChanged(set: EstateSet): void
  sockets(): number
  close(): Promise<void>
}

export interface FeedOptions {
  readonly servers: readonly HttpServer[]
  readonly live: LiveState
  readonly sessions: SessionService
  readonly estates: EstatesService
  readonly clock: Clock
  readonly health: () => LineHealth
  readonly isForeign: (request: {
    readonly headers: { readonly origin?: string | undefined; readonly host?: string | undefined }
  }) => boolean
  /** The session's token in a `Cookie` header. */
  readonly readToken: (cookies: string | undefined) => string | undefined
  readonly log: Log
}

export function startFeed(options: FeedOptions): Feed {
  const { live, sessions, estates, clock, log } = options
  const io = new Server({
    serveClient: false,
    maxHttpBufferSize: 10_000,
    pingInterval: 10 * SECOND_MS,
    pingTimeout: 10 * SECOND_MS,
    allowRequest: (request, answer) => answer(null, !options.isForeign(request)),
  })
  for (const server of options.servers) {
    io.attach(server)
    refuseForeignUpgrades(server, options.isForeign)
  }
  io.use((_socket, next) => next(new Error('not-found'))) // everything is in /live
  const namespace: ReturnType<typeof io.of> = io.of('/live')
  const watchers = new Map<string, Watcher>()
  const takenAt = new Map<string, number>() // by estate, when its changes were last taken
  let known = live.set()

  namespace.use((socket, next) => {
    const token = options.readToken(socket.handshake.headers.cookie)
    const used = token === undefined ? Promise.resolve(undefined) : sessions.use(token)
    used.then(
      (use) => {
        if (!use) {
          next(new Error('not-signed-in'))
          return
        }
        Object.assign((socket as LiveSocket).data, { token, session: use.session })
        next()
      },
      (error: unknown) => {
        log.error({ err: error }, 'a session could not be looked up')
        next(new Error('internal-error'))
      },
    )
  })
  namespace.on('connection', (raw) => {
    const socket = raw as LiveSocket
    const watcher = createWatcher(socket, socket.data.session)
    watchers.set(socket.id, watcher)
    socket.on(
      'watch',
      inMeasure(WATCH_MS, (what: unknown) => watch(watcher, what)),
    )
    socket.on('disconnect', () => watchers.delete(socket.id))
    watcher.heartbeat(clock(), options.health())
  })

  const watch = (watcher: Watcher, what: unknown) => {
    const parsed = watchSchema.safeParse(what)
    if (!parsed.success) {
      const named = (what as { readonly estate?: unknown } | null)?.estate
      watcher.refuse(typeof named === 'string' ? named.slice(0, 64) : '', 'bad-request')
      return
    }
    if ('estates' in parsed.data) {
      watcher.watchAll()
      watcher.estates(summaries())
      return
    }
    const id = parsed.data.estate
    const estate = estates.find(id)
    if (!maySee(watcher.session.user, id)) watcher.refuse(id, 'not-your-estate')
    else if (!estate) watcher.refuse(id, 'not-found')
    else watcher.watchEstate(id, { devices: live.devices(estate), alarms: live.alarms.of(id) })
  }
  const summaries = () => estates.all().map((estate) => summarise(estate, live))

  const flush = () => {
    const byEstate = new Map<string, Watcher[]>()
    for (const watcher of watchers.values()) {
      const id = watcher.estate()
      if (id !== undefined) byEstate.set(id, [...(byEstate.get(id) ?? []), watcher])
    }
    const now = performance.now()
    for (const id of takenAt.keys()) if (!byEstate.has(id)) takenAt.delete(id)
    for (const [id, group] of byEstate) {
      if (now - (takenAt.get(id) ?? -Infinity) < BATCH_MS) continue
      const devices = live.takeChanges(id)
      if (devices.length > 0) takenAt.set(id, now)
      for (const watcher of group) {
        watcher.changed(devices)
        watcher.flush()
      }
    }
  }
  const beat = () => {
    const now = clock()
    const health = options.health()
    const overview = [...watchers.values()].some((watcher) => watcher.watchesAll()) ? summaries() : []
    for (const watcher of watchers.values()) {
      watcher.heartbeat(now, health)
      if (watcher.watchesAll()) watcher.estates(overview)
      if (watcher.session.expiresAt <= now) void renew(watcher)
    }
  }
  const renew = async (watcher: Watcher) => {
    const use = await sessions.use(watcher.socket.data.token)
    if (!use) {
      watchers.delete(watcher.socket.id)
      watcher.end()
      return
    }
    watcher.session = use.session
    const id = watcher.estate()
    if (id !== undefined && !maySee(use.session.user, id)) {
      watcher.stopWatching()
      watcher.refuse(id, 'not-your-estate')
    }
  }
  const renewAll = () => {
    for (const watcher of watchers.values())
      renew(watcher).catch((error: unknown) => log.error({ err: error }, 'a session could not be looked up again'))
  }
  const timers = [setInterval(flush, LOOK_MS), setInterval(beat, SECOND_MS), setInterval(renewAll, RENEW_MS)]
  const off = sessions.onChange(renewAll)

  return {
    alarm: (alarm) => {
      for (const watcher of watchers.values()) watcher.alarm(alarm)
    },
    estatesChanged: (set) => {
      for (const watcher of watchers.values()) {
        const id = watcher.estate()
        if (id === undefined || set.estates.get(id) === known.estates.get(id)) continue
        if (set.estates.has(id)) watch(watcher, { estate: id })
        else {
          watcher.stopWatching()
          watcher.refuse(id, 'not-found')
        }
      }
      known = set
    },
    sockets: () => watchers.size,
    close: async () => {
      for (const timer of timers) clearInterval(timer)
      off()
      namespace.disconnectSockets(true)
      io.engine.close()
    },
  }
}

// engine.io answers a refused WebSocket with 400; a foreign page gets the 403 that the API gives it.
function refuseForeignUpgrades(server: HttpServer, isForeign: FeedOptions['isForeign']): void {
  const listeners = server.listeners('upgrade') as ((...args: unknown[]) => void)[]
  server.removeAllListeners('upgrade')
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy()) // Node leaves the socket to us: unheard, a reset by the other side would end the process
    if (isForeign(request)) socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
    else for (const listener of listeners) listener.call(server, request, socket, head)
  })
}

/** At once, then at most each `ms`, always with the newest. */
function inMeasure<T>(ms: number, act: (value: T) => void): (value: T) => void {
  let lastAt = -Infinity
  let waiting: { value: T } | undefined
  return (value) => {
    if (waiting) {
      waiting.value = value
      return
    }
    const waitMs = lastAt + ms - performance.now()
    if (waitMs <= 0) {
      lastAt = performance.now()
      act(value)
      return
    }
    waiting = { value }
    setTimeout(() => {
      const newest = waiting!.value
      waiting = undefined
      lastAt = performance.now()
      act(newest)
    }, waitMs)
  }
}
