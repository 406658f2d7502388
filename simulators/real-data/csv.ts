/** Reads a gzipped table row by row; never holds more than a few lines. */
import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'

/** @throws RangeError when the file is not there or has other columns */
export async function* readRows(
  path: string,
  options: { readonly separator: string; readonly columns: readonly string[] },
): AsyncGenerator<readonly string[]> {
  if (!existsSync(path)) throw new RangeError(`there is no file ${path}`)
  const raw = createReadStream(path)
  let isFirst = true
  try {
    for await (const line of createInterface({ input: raw.pipe(createGunzip()), crlfDelay: Infinity })) {
      const cells = line.split(options.separator)
      if (isFirst && cells.join() !== options.columns.join())
        throw new RangeError(`${path} must have the columns ${options.columns.join(options.separator)}`)
      if (!isFirst) yield cells
      isFirst = false
    }
  } finally {
    raw.destroy()
  }
}
