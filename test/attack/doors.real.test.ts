import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY_MS } from '../../domain/clock.ts'
import { ERRORS } from '../../domain/errors.ts'
import { may, ROLES, type PersonRole, type Right } from '../../dashboard/server/access.ts'
import { startTestDashboard, type SignedIn, type TestDashboard } from '../support/dashboard.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
interface Route {
  readonly name: string
  readonly method: Method
  readonly path: string
  readonly right: Right | 'open' | 'anybody'
}

let server: TestDashboard
let aheadMs = 0
let routes: readonly Route[]
const people = new Map<PersonRole, SignedIn & { readonly username: string; readonly password: string }>()

beforeAll(async () => {
  server = await startTestDashboard({ clock: () => Date.now() + aheadMs })
  const { body } = await server.call<{ paths: Record<string, Record<string, unknown>> }>('GET', '/openapi.json')
  routes = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => toRoute(method.toUpperCase() as Method, path)),
  )
  for (const role of ROLES) people.set(role, await server.person(role, ['yangqu']))
})
afterAll(() => server.close())

const FILL: Readonly<Record<string, string>> = {
  estate: 'yangqu',
  kind: 'elevator',
  device: 'x',
  username: 'nobody',
  id: 'none',
  code: 'cut',
}
/** What each call asks for; a route that is new must be put here. */
const RIGHTS: readonly (readonly [RegExp, Route['right']])[] = [
  [/^(POST \/api\/v1\/session|GET \/healthz|GET \/readyz)$/, 'open'],
  [/ \/metrics$/, 'open'], // asks for a session or a token by itself
  [/\/session/, 'anybody'],
  [/\/people/, 'administer'],
  [/\/gateways$|\/credential/, 'administer'],
  [/^(POST|DELETE) \/api\/v1\/estates(\/\{estate\})?$/, 'administer'],
  [/^POST .*\/dead-letters\/replay$/, 'administer'],
  [/\/dead-letters/, 'operate'],
  [/\/operations/, 'operate'],
  [/\/consumers/, 'administer'],
  [/\/comment$/, 'comment'],
  [/^POST .*\/alarms\/\{id\}\//, 'act'],
  [/^POST .*\/try$/, 'act'],
  [/^GET /, 'anybody'],
]

function toRoute(method: Method, path: string): Route {
  const name = `${method} ${path}`
  const right = RIGHTS.find(([pattern]) => pattern.test(name))?.[1]
  if (right === undefined) throw new Error(`nobody says who may ${name}`)
  return { name, method, path: path.replace(/\{(\w+)\}/g, (_, part: string) => FILL[part]!), right }
}

const codeOf = (body: unknown) => (body as { error?: { code?: string } }).error?.code
const bodyFor = (method: Method) => (method === 'GET' ? undefined : {})
const closed = () => routes.filter(({ right }) => right !== 'open')

describe('every route', () => {
  test('is refused to each role that lacks its right, and to none that has it', async () => {
    for (const { name, method, path, right } of closed())
      for (const [role, person] of people) {
        if (method === 'DELETE' && path.endsWith('/session')) continue
        const has = right === 'anybody' || may({ username: '', name: '', role, estates: '*' }, right as Right)
        if (has && method === 'DELETE') continue // would take effect
        const { status, body } = await person.call(method, path, bodyFor(method))
        if (has) expect([name, role, status, codeOf(body)]).not.toEqual([name, role, 403, 'not-your-role'])
        else expect([name, role, status, codeOf(body)]).toEqual([name, role, 403, 'not-your-role'])
      }
  })

  test.each<[string, () => Promise<string>]>([
    ['made up', async () => 'estatewatch=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['empty', async () => 'estatewatch='],
    ['of somebody who signed out', async () => ended((person) => person.call('DELETE', '/session'))],
    ['of somebody who was removed', async () => ended((person) => server.admin.call('DELETE', `/people/${person.username}`))],
    [
      'of somebody whose role was changed',
      async () => ended((person) => server.admin.call('PATCH', `/people/${person.username}`, { role: 'supervisor' })),
    ],
    [
      'of somebody whose password was reset',
      async () => ended((person) => server.admin.call('PATCH', `/people/${person.username}`, { resetPassword: true })),
    ],
    ['hash instead of the token', async () => `estatewatch=${'0'.repeat(64)}`],
  ])('is refused to a session that is %s', async (_what, makeCookie) => {
    const cookie = await makeCookie()
    for (const { name, method, path } of closed()) {
      const { status, body } = await server.call(method, path, bodyFor(method), { cookie })
      expect([name, status, codeOf(body)]).toEqual([name, 401, 'not-signed-in'])
    }
    expect((await server.call('GET', '/metrics', undefined, { cookie })).status).toBe(401)
  })

  test('is refused to a session that has come to its end', async () => {
    const { cookie } = await server.person('manager', ['yangqu'])
    aheadMs = DAY_MS
    try {
      for (const { name, method, path } of closed()) {
        const { status, body } = await server.call(method, path, bodyFor(method), { cookie })
        expect([name, status, codeOf(body)]).toEqual([name, 401, 'not-signed-in'])
      }
    } finally {
      aheadMs = 0
    }
  })

  test('answers prototype keys and other strange bodies in the one form, and nothing takes them over', async () => {
    const before = (await server.admin.call('GET', '/people')).body
    const bodies = [
      '{"__proto__":{"polluted":true,"role":"administrator"}}',
      '{"constructor":{"prototype":{"polluted":true}}}',
      '{"a":{"__proto__":{"polluted":true}}}',
      '[[[[[[]]]]]]',
      'null',
      '"text"',
      `{"username":${'['.repeat(5000)}${']'.repeat(5000)}}`,
      `{"a":"${'x'.repeat(1 << 20)}x"}`,
    ]
    for (const { name, method, path } of routes.filter((route) => route.method !== 'GET' && !/\/session$/.test(route.path)))
      for (const body of bodies) {
        const answer = await server.admin.call<{ error?: { code: keyof typeof ERRORS } }>(method, path, body, {
          'content-type': 'application/json',
        })
        if (answer.status < 400) continue // takes no body
        expect([name, answer.status, body.slice(0, 60)]).toEqual([name, ERRORS[answer.body.error!.code].status, body.slice(0, 60)])
        expect([name, answer.status < 500 || answer.body.error!.code === 'broker-away' || answer.status === 503]).toEqual([name, true])
      }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect((await server.admin.call('GET', '/people')).body).toEqual(before)
  })
})

/** A fresh manager whose cookie was good, and then something happened. */
async function ended(happens: (person: SignedIn & { readonly username: string }) => Promise<unknown>): Promise<string> {
  const person = await server.person('manager', ['yangqu'])
  expect((await person.call('GET', '/session')).status).toBe(200)
  await happens(person)
  return person.cookie
}

describe('signing in', () => {
  test('gives a new token each time and takes none that the caller brings', async () => {
    const person = people.get('engineer')!
    const brought = 'estatewatch=my-own-token-of-forty-three-characters-aaaaa'
    const tokens = new Set<string>()
    for (let i = 0; i < 3; i++) {
      const answer = await server.call('POST', '/session', { username: person.username, password: person.password }, { cookie: brought })
      tokens.add(answer.headers.getSetCookie()[0]!.split(';')[0]!)
    }
    expect(tokens.size).toBe(3)
    expect(tokens.has(brought)).toBe(false)
    expect((await server.call('GET', '/session', undefined, { cookie: brought })).status).toBe(401)
    for (const where of ['/session?estatewatch=', '/session?token=']) {
      const [token] = [...tokens].map((cookie) => cookie.split('=')[1]!)
      expect((await server.call('GET', `${where}${token}`)).status).toBe(401) // never from an address
      expect((await server.call('GET', '/session', undefined, { authorization: `Bearer ${token}` })).status).toBe(401)
    }
  })

  test('counts guesses also when they come at once, under made-up addresses, or with other letters for the name', async () => {
    const { username, password } = await server.person('supervisor', ['yangqu'])
    const guess = (i: number) =>
      server.call(
        'POST',
        '/session',
        { username, password: `guess-${i}` },
        { 'x-forwarded-for': `10.0.0.${i}`, forwarded: `for=10.0.0.${i}` },
      )
    const answers = await Promise.all(Array.from({ length: 25 }, (_, i) => guess(i)))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15)
    expect((await server.call('POST', '/session', { username, password })).status).toBe(429)
    for (const other of [username.toUpperCase(), ` ${username}`, `${username}\u0000`, `${username}%00`])
      expect((await server.call('POST', '/session', { username: other, password })).status).not.toBe(200)
  })
})
