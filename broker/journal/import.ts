/** Fills an empty journal from exported lines; times, clients, topics and payloads stay, numbers are given anew from 1. */
import { AppError, type FieldFault } from '../../domain/errors.ts'
import { parseExportLine } from './export-line.ts'
import { startJournalWriter } from './writer.ts'

const AT_ONCE = 2_000

/** @throws AppError `already-running`, `already-exists` when the journal holds something, `bad-request` at the first line that is none. @returns how many were written. */
export async function importJournal(options: {
  readonly dataDir: string
  readonly lines: AsyncIterable<string> | Iterable<string>
}): Promise<number> {
  const writer = await startJournalWriter({ dataDir: options.dataDir })
  try {
    if (writer.head() > 0)
      throw new AppError('already-exists', `The journal in ${options.dataDir} is not empty (${writer.head()} entries).`)
    let number = 0
    let last: Promise<unknown> = Promise.resolve()
    for await (const line of options.lines) {
      number++
      if (line.trim() === '') continue
      const entry = parseExportLine(line)
      if ('fault' in entry) throw badLine(number, entry.fault)
      last = writer.append(entry)
      last.catch(() => undefined) // the next wait throws
      if (writer.waiting() >= AT_ONCE) await last
    }
    await last
    return writer.head()
  } finally {
    await writer.close()
  }
}

function badLine(line: number, rule: string): AppError {
  const fault: FieldFault = { path: '', rule, line }
  return new AppError('bad-request', `Line ${line} ${rule}.`, { fields: [fault] })
}
