/** What a system under fire needs before the first kill: somebody signed in, credentials for every gateway of the example estates, and the load as a process. */
import { fork } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Estate } from '../../domain/estate.ts'
import { builtFile } from '../../project-root.ts'
import type { Login } from '../../simulators/virtual-gateway.ts'
import type { FromLoad, LoadDevice, LoadGateway, LoadWork, ToLoad } from './ledger.ts'

const READY_MS = 90_000
const FINISH_MS = 240_000
const LOADED = ['camera', 'elevator', 'fence-zone']

export interface Prepared {
  readonly cookie: string
  readonly gateways: readonly LoadGateway[]
  /** Credentials that may see everything of an estate, by estate. */
  readonly watchers: ReadonlyMap<string, Login>
}

export async function prepareEstates({ url, password }: { readonly url: string; readonly password: string }): Promise<Prepared> {
  const api = `${url}/api/v1`
  const signIn = () =>
    fetch(`${api}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password }),
    })
  const signedIn = await untilAnswered(signIn)
  const cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!
  await untilAnswered(() => fetch(`${url}/readyz`))
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(api + path, {
      method,
      headers: { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
  const gateways: LoadGateway[] = []
  const watchers = new Map<string, Login>()
  for (const { id } of await call<{ id: string }[]>('GET', '/estates')) {
    const estate = await call<Estate>('GET', `/estates/${id}`)
    watchers.set(id, await call('POST', `/estates/${id}/credentials`, { name: 'watcher', publish: [], subscribe: [`estates/${id}/#`] }))
    // the gateways of the examples have a credential for the simulated devices
    for (const { id: gateway } of estate.devices.filter(({ kind }) => kind === 'gateway')) {
      const devices = estate.devices
        .filter((device) => device.gateway === gateway && LOADED.includes(device.kind))
        .map((device) => ({ estate: id, kind: device.kind as LoadDevice['kind'], id: device.id }))
      if (devices.length > 0) gateways.push({ login: await call('POST', `/estates/${id}/credentials/gw.${id}.${gateway}/rotate`), devices })
    }
  }
  return { cookie, gateways, watchers }
}

async function untilAnswered(attempt: () => Promise<Response>): Promise<Response> {
  for (const deadline = Date.now() + READY_MS; ;) {
    const answer = await attempt().catch(() => undefined) // nobody listens yet
    if (answer?.ok) return answer
    await sleep(100)
    if (Date.now() > deadline)
      throw new Error(`the system was not ready within ${READY_MS / 1000} s: ${answer ? await answer.text() : 'no answer'}`)
  }
}

export interface Load {
  /** Sends no more, waits until everything sent is acknowledged and the ledger is written. */
  finish(): Promise<void>
  kill(): void
}

/** Resolves when every client is connected. */
export async function startLoad(work: LoadWork): Promise<Load> {
  const child = fork(builtFile('bench/faults/load'), [], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let figures = { sent: 0, acknowledged: 0 }
  const heard = (type: FromLoad['type'], withinMs: number) =>
    new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`the load is not ${type} within ${withinMs / 1000} s: ${JSON.stringify(figures)}`)),
        withinMs,
      )
      child.once('exit', (code) => reject(new Error(`the load ended with ${String(code)} before it was ${type}`)))
      child.on('message', (message: FromLoad) => {
        if (message.type === 'figures') figures = message
        if (message.type !== type) return
        clearTimeout(late)
        resolve()
      })
    })
  child.send({ type: 'work', work } satisfies ToLoad)
  await heard('ready', READY_MS)
  return {
    finish: async () => {
      const done = heard('done', FINISH_MS)
      child.send({ type: 'stop' } satisfies ToLoad)
      await done
    },
    kill: () => child.kill('SIGKILL'),
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
