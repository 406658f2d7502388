/** A real broker with the small estate in force and a gateway's credential, for tests of the engine as a process. */
import { join } from 'node:path'
import type { MqttClient } from 'mqtt'
import type { Estate } from '../../domain/estate.ts'
import { openMigrated } from '../../storage/migrations.ts'
import { RECORDS_FILE, RECORDS_STEPS } from '../../storage/records-schema.ts'
import { makeCredential, startTestBroker, type TestBroker } from '../support/broker.ts'
import { ESTATE, estate } from './estate.ts'

export interface Line {
  readonly broker: TestBroker
  /** Connects as gateway `gw-1`. */
  readonly connect: (clientId?: string) => Promise<MqttClient>
  /** Everything that was said on one of our own topics, oldest first. */
  readonly said: <T>(topic: string) => T[]
  /** Puts an estate in force as the dashboard server does: the records first, then the word of it. */
  readonly writeEstate: (changed: Estate) => Promise<void>
}

export async function startLine(): Promise<Line> {
  const credential = makeCredential({ type: 'gateway', estate: ESTATE, gateway: 'gw-1' })
  const broker = await startTestBroker({ credentials: [credential] })
  let revision = 0
  const line: Line = {
    broker,
    connect: (clientId) => broker.connect(credential, clientId === undefined ? {} : { clientId }),
    said: <T>(topic: string) =>
      broker
        .entries()
        .filter((entry) => entry.topic === topic)
        .map(({ payload }) => JSON.parse(Buffer.from(payload).toString('utf8')) as T),
    writeEstate: async (changed) => {
      revision++
      writeRecords(broker.dataDir, { estate: changed, revision })
      await broker.link.append('system/records', { v: 1, revision })
    },
  }
  await line.writeEstate(estate())
  return line
}

export function writeRecords(dataDir: string, { estate: changed, revision }: { readonly estate: Estate; readonly revision: number }): void {
  const records = openMigrated(join(dataDir, RECORDS_FILE), RECORDS_STEPS)
  records.transaction(() => {
    records.prepare('insert into revision (revision, at) values (?, ?)').run(revision, Date.now())
    records
      .prepare('insert into estate_revision (estate, revision, body) values (?, ?, ?)')
      .run(changed.id, revision, JSON.stringify(changed))
  })
  records.close()
}
