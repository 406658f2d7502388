/** Who may speak MQTT for an estate: its gateways, devices with a connection of their own, and other systems. */
import { z } from 'zod'
import type { CredentialOwner } from '../../../domain/credential.ts'
import { AppError } from '../../../domain/errors.ts'
import { findDevice } from '../../../domain/estate.ts'
import type { Decoded } from '../../../domain/reading.ts'
import { decode } from '../../../ingest/decode.ts'
import type { AddRoutes } from '../app.ts'
import { rightsOf } from '../credential-rights.ts'
import { addCredential, listCredentials, removeCredential, rotateCredential } from '../records/credentials.ts'
import { deviceParams, estateParams, failures, idSchema, nothing, secretSchema } from '../schemas.ts'
import { filterFault } from '../topic-filters.ts'

const config = { right: 'administer' } as const
const tags = ['credentials']
const params = estateParams.extend({ username: z.string().max(220) })
const filters = z.array(z.string().min(1).max(1000)).max(100)
const listed = z
  .object({
    username: z.string(),
    kind: z.enum(['gateway', 'device', 'ext']),
    publish: z.array(z.string()),
    subscribe: z.array(z.string()),
    createdAt: z.number(),
    rotatedAt: z.number().nullable(),
    lastSeenAt: z.number().nullable(),
    connected: z.boolean(),
  })
  .meta({ id: 'Credential' })
const message = z.object({
  seq: z.int(),
  receivedAt: z.number(),
  topic: z.string(),
  payload: z.string(),
  outcomes: z.array(z.looseObject({ ok: z.boolean() })).describe('what was understood of it, or why not'),
})
const PAYLOAD_SHOWN = 2000

export const addCredentialRoutes: AddRoutes = (api, { estates, records, sync, live, journal, clock, config: settings }) => {
  const make = async (owner: CredentialOwner, rights?: { readonly publish: readonly string[]; readonly subscribe: readonly string[] }) => {
    const made = await addCredential(records, owner, { now: clock(), ...rights })
    await sync.credentials()
    return made
  }

  api.post(
    '/estates/:estate/gateways',
    {
      config,
      schema: {
        summary: "A gateway's credential; the password is shown once",
        tags,
        params: estateParams,
        body: z.strictObject({ name: idSchema }),
        response: { 201: secretSchema, ...failures },
      },
    },
    async (request, reply) => {
      const estate = estates.demand(request.params.estate)
      const { name } = request.body
      if (!findDevice(estate, 'gateway', name))
        throw new AppError('bad-request', undefined, {
          fields: [{ path: '/name', rule: `must be a gateway of the estate's file; ${name} is none` }],
        })
      return reply.code(201).send(await make({ type: 'gateway', estate: estate.id, gateway: name }))
    },
  )

  api.post(
    '/estates/:estate/devices/:kind/:device/credential',
    {
      config,
      schema: {
        summary: 'The credential of a device with a connection of its own; the password is shown once',
        tags,
        params: deviceParams,
        response: { 201: secretSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { estate, kind, device } = request.params
      if (!findDevice(estates.demand(estate), kind, device))
        throw new AppError('not-found', `The estate ${estate} has no ${kind} ${device}.`)
      return reply.code(201).send(await make({ type: 'device', estate, kind, device }))
    },
  )

  api.post(
    '/estates/:estate/credentials',
    {
      config,
      schema: {
        summary: "Another system's credential; the password is shown once",
        tags,
        params: estateParams,
        body: z.strictObject({ name: idSchema, publish: filters.default([]), subscribe: filters.default([]) }),
        response: { 201: secretSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { id: estate } = estates.demand(request.params.estate)
      const { name, publish, subscribe } = request.body
      const fields = [
        ...publish.map((filter, i) => ({ path: `/publish/${i}`, rule: filterFault(filter, `estates/${estate}/ext`) })),
        ...subscribe.map((filter, i) => ({ path: `/subscribe/${i}`, rule: filterFault(filter, `estates/${estate}`) })),
      ].flatMap(({ path, rule }) => (rule === undefined ? [] : [{ path, rule }]))
      if (fields.length > 0) throw new AppError('bad-request', undefined, { fields })
      return reply.code(201).send(await make({ type: 'ext', estate, name }, { publish, subscribe }))
    },
  )

  api.get(
    '/estates/:estate/credentials',
    {
      config,
      schema: { summary: 'All credentials, without secrets', tags, params: estateParams, response: { 200: z.array(listed), ...failures } },
    },
    async (request) => {
      const { id } = estates.demand(request.params.estate)
      return (await listCredentials(records, id)).map((credential) => {
        const client = live.clients.find(credential.username)
        const { publish, subscribe } = rightsOf(credential)
        return {
          username: credential.username,
          kind: credential.owner.type,
          publish: [...publish],
          subscribe: [...subscribe],
          createdAt: credential.createdAt,
          rotatedAt: credential.rotatedAt,
          lastSeenAt: client?.lastSeenAt ?? null,
          connected: (client?.presence.connections ?? 0) > 0,
        }
      })
    },
  )

  api.post(
    '/estates/:estate/credentials/:username/rotate',
    {
      config,
      schema: {
        summary: 'A new password, shown once; the old one ends at once',
        tags,
        params,
        response: { 200: secretSchema, ...failures },
      },
    },
    async (request) => {
      estates.demand(request.params.estate)
      const rotated = await rotateCredential(records, request.params, clock())
      await sync.credentials()
      return rotated
    },
  )

  api.delete(
    '/estates/:estate/credentials/:username',
    { config, schema: { summary: 'Revoke; it is disconnected at once', tags, params, response: { 204: nothing, ...failures } } },
    async (request, reply) => {
      estates.demand(request.params.estate)
      await removeCredential(records, request.params)
      await sync.credentials()
      live.clients.forget(request.params.username)
      return reply.code(204).send(null)
    },
  )

  api.get(
    '/estates/:estate/credentials/:username/messages',
    {
      config,
      schema: {
        summary: 'The last messages of a credential, each with what was understood of it',
        tags,
        params,
        querystring: z.object({ after: z.coerce.number().pipe(z.int().min(0)).default(0) }),
        response: { 200: z.object({ messages: z.array(message) }), ...failures },
      },
    },
    async (request) => {
      const { estate, username } = request.params
      estates.demand(estate)
      if (!(await listCredentials(records, estate)).some((credential) => credential.username === username))
        throw new AppError('not-found', `This estate has no credential ${username}.`)
      const recent = (live.clients.find(username)?.recent ?? []).filter((seq) => seq > request.query.after)
      const context = {
        findDevice: (id: string, kind: string, device: string) => {
          const found = estates.find(id)
          return found && findDevice(found, kind, device)
        },
        rawDays: settings.rawDays,
      }
      const messages = recent.flatMap((seq) => journal.read(seq - 1, 1).filter((entry) => entry.seq === seq))
      return {
        messages: messages.map((entry) => ({
          seq: entry.seq,
          receivedAt: entry.receivedAt,
          topic: entry.topic,
          payload: new TextDecoder().decode(entry.payload.subarray(0, PAYLOAD_SHOWN)),
          outcomes: decode(entry, context)
            .slice(0, 20)
            .map((outcome: Decoded) => ({ ...outcome })),
        })),
      }
    },
  )
}
