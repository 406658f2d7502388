/** The dashboard server: records and sessions, the live state kept from the journal, REST, the live feed and the web files. Wired here. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startBrokerLink } from '../../broker/journal/link.ts'
import { takeLock } from '../../broker/journal/lock.ts'
import { startJournalReader } from '../../broker/journal/reader.ts'
import type { Config } from '../../config.ts'
import { HOUR_MS, SECOND_MS, systemClock, type Clock } from '../../domain/clock.ts'
import type { LineHealth } from '../../domain/live.ts'
import { openDeadLetters } from '../../ingest/dead-letters.ts'
import { openHistory } from '../../ingest/stores/index.ts'
import type { Log } from '../../log.ts'
import { projectRoot } from '../../project-root.ts'
import { readRoleStatuses, startStatusWriter } from '../../storage/role-status.ts'
import { createActionDesk } from './actions.ts'
import { openAlarmBook } from './alarm-book.ts'
import { createApp } from './app.ts'
import { startBrokerSync } from './broker-sync.ts'
import type { ServerContext } from './context.ts'
import { createEstatesService } from './estates-service.ts'
import { ensureExamples } from './examples.ts'
import { ADMIN, ensureAdministrator, forgetFirstPassword } from './first-start.ts'
import { COOKIE } from './gate.ts'
import { createServers, listen } from './listen.ts'
import { startFeed, type Feed } from './live/feed.ts'
import { startLive } from './live/start-live.ts'
import { isForeignOrigin } from './origin.ts'
import { judgeReadiness } from './readiness.ts'
import { openRecords } from './records/database.ts'
import { pruneRevisions } from './records/estates.ts'
import { createSessionService } from './session-service.ts'
import { TIME_LIMITS, type TimeLimits } from './time-limits.ts'

export interface Dashboard {
  readonly httpPort: number
  readonly httpsPort?: number
  close(): Promise<void>
}

export interface DashboardOptions {
  readonly clock?: Clock
  /** How long an action waits, first for the journal, then for the engine. */
  readonly actionWaitMs?: number
  readonly limits?: TimeLimits
}

/** @throws AppError `already-running` when another dashboard server writes this data folder, `schema-unknown` */
export async function startDashboard(config: Config, log: Log, options: DashboardOptions = {}): Promise<Dashboard> {
  const { dataDir } = config
  const clock = options.clock ?? systemClock
  mkdirSync(dataDir, { recursive: true })
  const lock = await takeLock(dataDir, 'records')
  const status = startStatusWriter({ dataDir, role: 'dashboard' })
  const { records, engine } = openRecords(dataDir)
  await ensureExamples({ records, dataDir, now: clock() })
  await ensureAdministrator({ records, dataDir, password: config.adminPassword, now: clock() })

  const broker = startBrokerLink({ dataDir })
  const journal = startJournalReader({ dataDir })
  const sync = startBrokerSync({ records, broker, log })
  const alarms = openAlarmBook(dataDir)
  const history = openHistory(config)
  const deadLetters = openDeadLetters({ dataDir })
  const actions = createActionDesk({ broker, ...(options.actionWaitMs !== undefined && { waitMs: options.actionWaitMs }) })
  const sessions = createSessionService({
    records,
    clock,
    onPassword: (username) => {
      if (username === ADMIN) forgetFirstPassword(dataDir)
    },
  })
  const estates = await createEstatesService({
    records,
    dataDir,
    sync,
    clock,
    alarmsOf: (estate) => (alarms.open() ?? [...live.state.alarms.all()]).filter((alarm) => alarm.estate === estate),
  })
  const screens: { feed?: Feed } = {} // made last, spoken to by what is made before it
  const live = await startLive({
    dataDir,
    rawDays: config.rawDays,
    journal,
    broker,
    clock,
    log,
    openAlarms: () => alarms.open(),
    latest: (estate) => history.latest(estate),
    onAlarm: (alarm) => screens.feed?.alarm(alarm),
    onEstates: (set) => screens.feed?.estatesChanged(set),
    onActionResult: (result) => actions.onResult(result),
  })

  const health = (): LineHealth => ({
    tickAt: live.state.clock().tickAt,
    engineAt: live.state.engineAt(),
    behind: live.follower.lag().entries,
    storeLagMs: readRoleStatuses(dataDir).ingest?.lagMs ?? null,
  })
  const readiness = () =>
    judgeReadiness({
      statuses: readRoleStatuses(dataDir),
      health: health(),
      catchingUp: live.state.catchingUp(),
      storeName: history.name,
      now: clock(),
    })
  const context: ServerContext = {
    config,
    log,
    clock,
    records,
    sessions,
    estates,
    sync,
    broker,
    journal,
    live: live.state,
    follower: live.follower,
    alarms,
    actions,
    deadLetters,
    history: (query) => history.history(query),
    health,
    readiness,
    sockets: () => screens.feed?.sockets() ?? 0,
    version: readVersion(),
    engine,
  }
  const limits = options.limits ?? TIME_LIMITS
  const app = await createApp(context, limits)
  const servers = createServers(app, { config, log, limits })
  const feed = startFeed({
    servers: servers.https ? [servers.http, servers.https] : [servers.http],
    live: live.state,
    sessions,
    estates,
    clock,
    health,
    isForeign: ({ headers }) =>
      isForeignOrigin({ origin: headers.origin, host: forwardedHost(headers, config) ?? headers.host }, config.publicUrl),
    readToken: (cookies) => app.parseCookie(cookies ?? '')[COOKIE],
    log,
  })
  screens.feed = feed
  const listening = await listen(app, servers, config)

  const say = () => {
    const { entries, ageMs } = live.follower.lag()
    const catchingUp = live.state.catchingUp()
    status.set({
      state: catchingUp ? 'waiting' : 'running',
      ...(catchingUp && { waitingFor: `${entries} journal entries that are not read yet` }),
      cursor: live.follower.cursor(),
      lagMs: ageMs,
      figures: { sockets: feed.sockets() },
    })
  }
  const prune = () => {
    const oldest = journal.read(journal.first() - 1, 1)[0]
    if (oldest) pruneRevisions(records, oldest.receivedAt).catch((error: unknown) => log.error({ err: error }, 'old revisions stay'))
  }
  say()
  const timers = [setInterval(say, SECOND_MS), setInterval(prune, HOUR_MS)]

  return {
    httpPort: listening.httpPort,
    ...(listening.httpsPort !== undefined && { httpsPort: listening.httpsPort }),
    close: async () => {
      for (const timer of timers) clearInterval(timer)
      await feed.close()
      await listening.close()
      await live.close()
      await sync.close()
      await broker.close()
      await journal.close()
      alarms.close()
      deadLetters.close()
      await history.close()
      await records.destroy()
      await status.close()
      await lock.close()
    },
  }
}

function readVersion(): string {
  return (JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }).version
}

/** Behind a reverse proxy the page's own host is the one that the proxy was asked for. */
function forwardedHost(headers: Readonly<Record<string, unknown>>, config: Config): string | undefined {
  const host = headers['x-forwarded-host']
  return config.trustProxy && typeof host === 'string' ? host.split(',')[0]?.trim() : undefined
}
