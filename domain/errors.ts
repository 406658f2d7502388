/** The one table of error codes: what the API, the logs and `docs/errors.md` say is kept equal to it by a test. */
export const ERRORS = {
  'bad-request': { status: 400, text: 'The request does not have the form that this call needs; `fields` names each fault.' },
  'bad-estate': { status: 400, text: 'The estate file has faults; `fields` gives line, column, path, rule and what to do for each.' },
  'not-signed-in': { status: 401, text: 'No session, or it has ended. Sign in.' },
  'wrong-credentials': { status: 401, text: 'User name or password is wrong.' },
  'foreign-origin': { status: 403, text: 'The request comes from another site.' },
  'not-your-role': { status: 403, text: 'This role may not do this.' },
  'not-your-estate': { status: 403, text: 'This person may not see this estate.' },
  'not-found': { status: 404, text: 'There is no such thing here.' },
  'already-exists': { status: 409, text: 'A thing of this name exists.' },
  'wrong-state': { status: 409, text: 'The state of the alarm does not allow this action; the message says why.' },
  'raised-again': { status: 409, text: 'The alarm was raised again after the transition you saw.' },
  'still-active': { status: 409, text: 'The condition still holds, so the alarm cannot be reset.' },
  'urgent-alarms-stand': {
    status: 409,
    text: 'P1 alarms stand on devices that would vanish; `fields` lists them. Repeat with ?force=true.',
  },
  'device-is-live': { status: 409, text: 'A replay into a running system is only for devices not heard for 60 s.' },
  'too-large': { status: 413, text: 'The body is larger than this call takes.' },
  'too-many-failures': { status: 429, text: 'Ten wrong passwords in 5 minutes for this address and user name. Wait.' },
  'action-not-taken': { status: 503, text: 'The action did not reach the journal within 3 s: nothing will happen. Try again.' },
  'alarm-engine-behind': { status: 503, text: 'The action is in the journal but the alarm engine is behind: it will take effect once.' },
  'catching-up': { status: 503, text: 'This server is still reading the journal; live values are unknown until it has.' },
  'broker-away': { status: 503, text: 'The broker process cannot be reached.' },
  'store-down': { status: 503, text: 'The telemetry store cannot be reached, is full or too slow. Readings wait in the journal.' },
  'disk-full': { status: 503, text: 'The disk of the data folder is full; nothing is taken in until there is room.' },
  'journal-damaged': { status: 500, text: 'A journal segment cannot be read. Run `npm run journal -- verify`.' },
  'schema-unknown': {
    status: 500,
    text: 'A database was written by another version of Estatewatch. Use that version, or the copy made before it.',
  },
  'already-running': { status: 500, text: 'Another process holds this data folder.' },
  'internal-error': { status: 500, text: 'A fault of our own; the log has it under the request id.' },
} as const satisfies Record<string, { status: number; text: string }>

export type ErrorCode = keyof typeof ERRORS

/** A fault that one place can name more exactly: `path` in the body or file, and what to do. */
export interface FieldFault {
  readonly path: string
  readonly rule: string
  readonly line?: number
  readonly column?: number
}

/** Every failure of our own bears a code of the table. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly fields: readonly FieldFault[] | undefined

  constructor(
    code: ErrorCode,
    message: string = ERRORS[code].text,
    options: { readonly cause?: unknown; readonly fields?: readonly FieldFault[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.fields = options.fields
  }
}
