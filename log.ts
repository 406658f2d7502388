/** One structured logger a process (pino, JSON lines on standard output); secrets never go in. */
import { pino, type Logger } from 'pino'

export type Log = Logger

export function startLog(options: { readonly role: string; readonly level: string }): Log {
  return pino({ level: options.level, base: { role: options.role }, timestamp: pino.stdTimeFunctions.isoTime })
}
