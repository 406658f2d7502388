/** Whatever goes wrong with a request is answered in one form: `{error: {code, message, fields?}}` with a code of the one table. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { Socket } from 'node:net'
import { AppError, ERRORS, type ErrorCode, type FieldFault } from '../../domain/errors.ts'

export interface ErrorBody {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly fields?: readonly FieldFault[] }
}

export function errorBody({ code, message, fields }: Pick<AppError, 'code' | 'message' | 'fields'>): ErrorBody {
  return { error: { code, message, ...(fields && { fields }) } }
}

/** What the caller may know of any error; `internal-error` hides the rest, which the log has. */
export function toAppError(error: unknown, requestId: string): AppError {
  if (error instanceof AppError) return error
  if (hasZodFastifySchemaValidationErrors(error))
    return new AppError('bad-request', undefined, {
      fields: error.validation.map(({ instancePath, message, params }) => ({
        path: `${error.validationContext === 'body' ? '' : (error.validationContext ?? '')}${instancePath}`,
        rule: ruleOf(message, params['issue']),
      })),
    })
  const { statusCode, code, message } = error as Partial<FastifyError>
  if (statusCode === 413) return new AppError('too-large')
  if (statusCode === 404) return new AppError('not-found')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new AppError('bad-request', `${ERRORS['bad-request'].text} (${code ?? statusCode}: ${message ?? ''})`)
  return new AppError('internal-error', `A fault of our own; the log has it under ${requestId}.`, { cause: error })
}

// zod names the keys that are too many only in the issue itself
function ruleOf(message: string | undefined, issue: unknown): string {
  const keys = (issue as { readonly keys?: readonly string[] } | undefined)?.keys
  return keys ? `has no field ${keys.join(', ')}` : (message ?? 'is not what this call takes')
}

export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const appError = toAppError(error, request.id)
  const { status } = ERRORS[appError.code]
  if (status >= 500 && status !== 503) request.log.error({ err: error, reqId: request.id }, 'a request failed')
  if (appError.code === 'too-many-failures') void reply.header('retry-after', '300')
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(errorBody(appError)))
}

/** For what is no HTTP at all, or too large a head. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const body = JSON.stringify(errorBody(new AppError('bad-request')))
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
