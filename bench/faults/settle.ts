/** Waits until a system has worked off everything, and sees whether the retained topics on which others follow the alarms agree with the engine. */
import { setTimeout as sleep } from 'node:timers/promises'
import mqtt from 'mqtt'
import { startJournalReader } from '../../broker/journal/reader.ts'
import { readRoleStatuses } from '../../storage/role-status.ts'
import type { Login } from '../../simulators/virtual-gateway.ts'
import { openAlarmTopics, waitingToBeTold } from './calm.ts'

const WORK_OFF_MS = 120_000
/** Alarms go on changing by themselves (silence), so the two are looked at together until they agree. */
const AGREE_MS = 15_000
const LOOK_MS = 200

/** Everything retained below `estates/<estate>/alarms/`, as a system that connects only now gets it. */
async function readRetained(mqttPort: number, watchers: ReadonlyMap<string, Login>) {
  const topics = new Map<string, string>()
  const clients = await Promise.all(
    [...watchers].map(async ([estate, login]) => {
      const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { ...login, clean: true })
      client.on('message', (topic, payload) => {
        if (payload.length === 0) topics.delete(topic)
        else topics.set(topic, payload.toString())
      })
      await client.subscribeAsync(`estates/${estate}/alarms/#`, { qos: 1 })
      return client
    }),
  )
  return {
    topics,
    close: async () => {
      await Promise.all(clients.map((client) => client.endAsync(true)))
    },
  }
}

export interface TopicCount {
  readonly open: number
  readonly missing: number
  readonly doubled: number
  readonly examples: readonly string[]
}

export async function settle(options: {
  readonly dataDir: string
  readonly mqttPort: number
  /** Credentials that may follow an estate's alarms, by estate. */
  readonly watchers: ReadonlyMap<string, Login>
}): Promise<TopicCount> {
  const { dataDir } = options
  const journal = startJournalReader({ dataDir })
  await sleep(LOOK_MS)
  const head = journal.head()
  await journal.close()
  const behind = () =>
    Object.values(readRoleStatuses(dataDir))
      .filter((status) => status?.role !== 'broker' && (status?.cursor ?? 0) < head)
      .map((status) => `${status?.role} at ${status?.cursor} of ${head} (${status?.waitingFor ?? ''})`)
  for (const deadline = Date.now() + WORK_OFF_MS; behind().length > 0;) {
    if (Date.now() > deadline) throw new Error(`not worked off within ${WORK_OFF_MS / 1000} s: ${behind().join(', ')}`)
    await sleep(LOOK_MS)
  }
  const retained = await readRetained(options.mqttPort, options.watchers)
  try {
    for (const deadline = Date.now() + AGREE_MS; ;) {
      const count = compareTopics(dataDir, retained.topics)
      if (count.missing + count.doubled === 0 || Date.now() > deadline) return count
      await sleep(LOOK_MS)
    }
  } finally {
    await retained.close()
  }
}

function compareTopics(dataDir: string, heard: ReadonlyMap<string, string>): TopicCount {
  const waiting = waitingToBeTold(dataDir)
  const open = openAlarmTopics(dataDir)
  const missing = [...open]
    .filter(([topic, body]) => heard.get(topic) !== body)
    .map(([topic]) => `${topic} does not bear the alarm as it is`)
  const doubled = [...heard.keys()].filter((topic) => !open.has(topic)).map((topic) => `${topic} bears an alarm that is closed`)
  return { open: open.size, missing: missing.length + waiting, doubled: doubled.length, examples: [...missing, ...doubled].slice(0, 5) }
}
