/** The thread that puts messages on the disk: one transaction a batch, a new segment when the present one is full or old. Synchronous calls on purpose: libuv's few threads are shared with password hashes. */
import { parentPort, workerData } from 'node:worker_threads'
import { unpackBatch, type Batch, type FromWorker, type ToWorker, type WriterWorkerOptions } from './batch.ts'
import { openSegmentForWriting, type SegmentWriter } from './segment.ts'
import { listSegments, segmentBytes, segmentPath, type SegmentFile } from './segments.ts'

/** What a row takes beside its text and payload, about. */
const ROW_BYTES = 24

if (parentPort === null) throw new Error('runs only as a worker thread')
const port = parentPort
const options = workerData as WriterWorkerOptions

const segmentFrom = (first: number): SegmentFile => ({ first, path: segmentPath(options.folder, first) })

let segment = listSegments(options.folder).at(-1) ?? segmentFrom(1)
let writer: SegmentWriter = openSegmentForWriting(segment)
let head = writer.last()
let bytes = segmentBytes(segment)
let startedAt = writer.startedAt() ?? Date.now()

const say = (message: FromWorker) => port.postMessage(message)
say({ type: 'ready', head, engine: writer.engine })

port.on('message', (message: ToWorker) => {
  if (message.type === 'close') {
    writer.close()
    say({ type: 'closed' })
    port.close()
    return
  }
  try {
    say({ type: 'committed', firstSeq: commit(message.batch) })
  } catch (error) {
    say({ type: 'failed', message: String(error), full: /SQLITE_FULL|disk is full|ENOSPC/i.test(String(error)) })
  }
})

function commit(batch: Batch): number {
  const entries = unpackBatch(batch)
  const newest = entries.at(-1)!
  if (head >= segment.first && (bytes >= options.segmentBytes || newest.receivedAt - startedAt >= options.segmentMs)) roll()
  const firstSeq = head + 1
  writer.insert(firstSeq, entries)
  if (firstSeq === segment.first) startedAt = entries[0]!.receivedAt
  head += entries.length
  for (const { client, topic, payload } of entries) bytes += ROW_BYTES + client.length + topic.length + payload.byteLength
  return firstSeq
}

// The old segment's last commit is on the disk before the new one exists; it stays in use if the new one cannot be made.
function roll(): void {
  const next = segmentFrom(head + 1)
  const nextWriter = openSegmentForWriting(next)
  writer.close()
  segment = next
  writer = nextWriter
  bytes = 0
}
