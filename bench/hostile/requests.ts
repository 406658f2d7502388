/** HTTP requests that no browser of ours sends, byte by byte; none of them may be answered with 5xx or end the server. */
import type { Random } from '../../devices/simulation.ts'

export interface HostileRequest {
  readonly bytes: Buffer
  /** Left in the middle on purpose: nothing need come back. */
  readonly half?: boolean
}

type Make = (random: Random, cookie: string) => HostileRequest

const pick = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)]!
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']
const PATHS = ['/api/v1/session', '/api/v1/estates', '/api/v1/alarms', '/api/v1/people', '/healthz', '/', '/assets/index.js', '/socket.io/']

const raw = (text: string): HostileRequest => ({ bytes: Buffer.from(text, 'latin1') })
const get = (path: string, headers: readonly string[] = []) =>
  raw([`GET ${path} HTTP/1.1`, 'host: 127.0.0.1', ...headers, 'connection: close', '', ''].join('\r\n'))
const send = (
  method: string,
  path: string,
  options: { readonly body: string; readonly cookie?: string; readonly type?: string; readonly headers?: readonly string[] },
) => {
  const body = Buffer.from(options.body)
  const head = [
    `${method} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    `content-type: ${options.type ?? 'application/json'}`,
    `content-length: ${body.length}`,
    ...(options.cookie === undefined ? [] : [`cookie: ${options.cookie}`]),
    ...(options.headers ?? []),
    'connection: close',
    '',
    '',
  ].join('\r\n')
  return { bytes: Buffer.concat([Buffer.from(head, 'latin1'), body]) }
}
const jsonRoute = (random: Random): readonly [string, string] =>
  pick(
    [
      ['POST', '/api/v1/session'],
      ['PUT', '/api/v1/session/password'],
      ['POST', '/api/v1/people'],
      ['PATCH', '/api/v1/people/nobody'],
      ['POST', '/api/v1/estates'],
      ['POST', '/api/v1/estates/yangqu/gateways'],
      ['POST', '/api/v1/estates/yangqu/credentials'],
      ['POST', '/api/v1/estates/yangqu/try'],
      ['POST', '/api/v1/alarms/none/comment'],
      ['POST', '/api/v1/alarms/none/shelve'],
      ['POST', '/api/v1/dead-letters/replay'],
    ] as const,
    random,
  )
const withBody = (random: Random, cookie: string, body: string): HostileRequest => {
  const [method, path] = jsonRoute(random)
  return send(method, path, { body, cookie })
}

const MAKERS: Readonly<Record<string, Make>> = {
  'no HTTP': () => raw('\u0000\u0001\u0002\u0003 hello\r\n\r\n'),
  'MQTT on the HTTP port': () => ({
    bytes: Buffer.from([0x10, 0x0c, 0x00, 0x04, 0x4d, 0x51, 0x54, 0x54, 0x04, 0x02, 0x00, 0x1e, 0x00, 0x00, 0x0d, 0x0a, 0x0d, 0x0a]),
  }),
  'made-up method': (random) =>
    raw(
      `${pick(['FOO', 'get', 'PRI', 'CONNECT', 'TRACE', 'PROPFIND', 'DEBUG'], random)} ${pick(PATHS, random)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
    ),
  'made-up version': (random) => raw(`GET / HTTP/${pick(['0.9', '9.9', '2.0', '1.', 'x'], random)}\r\nhost: x\r\n\r\n`),
  'no host': () => raw('GET /api/v1/estates HTTP/1.1\r\n\r\n'),
  'two lengths': () => raw('POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 50\r\n\r\nhello'),
  'length and chunks': () =>
    raw(
      'POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /api/v1/people HTTP/1.1\r\nhost: x\r\n\r\n',
    ),
  'bad chunks': (random) =>
    raw(
      `POST /api/v1/session HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${pick(['zz', '-1', 'ffffffffffffffff', '5;a=\r'], random)}\r\nhello\r\n`,
    ),
  'bad length': (random) =>
    raw(
      `POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-length: ${pick(['-1', '1e9', '0x10', '99999999999999999999', '5 5'], random)}\r\n\r\nhello`,
    ),
  'half a head': (random) => ({ bytes: get('/healthz').bytes.subarray(0, 4 + Math.floor(random() * 20)), half: true }),
  'half a body': () => ({
    bytes: Buffer.from('POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"user'),
    half: true,
  }),
  'head of 64 KiB': () => get('/', [`x-long: ${'x'.repeat(65_536)}`]),
  'many headers': () =>
    get(
      '/',
      Array.from({ length: 1500 }, (_, i) => `x-${i}: 1`),
    ),
  'header with control characters': () => get('/', ['x-evil: a\u0000b', 'x-more: a\u0007b']),
  'folded header': () => get('/', ['x-folded: a', ' set-cookie: x=1']),
  'line end in a path': (random) =>
    get(`/api/v1/${pick(['%0d%0aset-cookie:%20x=1', '%0a%0a<script>', 'x%0d%0a%0d%0aHTTP/1.1 200'], random)}`),
  'line end in a query': () => get('/api/v1/alarms?cursor=%0d%0aset-cookie:%20x=1'),
  'path upwards': (random) =>
    get(
      pick(
        [
          '/../../etc/passwd',
          '/..%2f..%2fetc%2fpasswd',
          '/assets/..%2f..%2fpackage.json',
          '/%2e%2e/%2e%2e/data/admin-password',
          '/assets/%5c..%5c..%5cx',
          '//etc/passwd',
          '/assets//../../config.mjs',
          '/..;/..;/x',
          '/assets/%c0%ae%c0%ae/x',
        ],
        random,
      ),
    ),
  'NUL in a path': (random) => get(pick(['/index.html%00.png', '/api/v1/estates/%00', '/assets/%00', '/%00'], random)),
  'bad escapes': (random) => get(pick(['/%', '/%zz', '/api/v1/estates/%e0%a4%a', '/api/v1/people/%ff%fe', '/?a=%'], random)),
  'address of another server': () =>
    raw('GET http://evil.example/api/v1/people HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n'),
  'path of 8 KiB': (random) => get(`/${pick(['a/', '..%2f', '%25', 'é'], random).repeat(2000)}`),
  'query of many keys': () => get(`/api/v1/alarms?${Array.from({ length: 1000 }, (_, i) => `k${i}=1`).join('&')}`),
  'prototype keys in a query': (random) => get(`/api/v1/alarms?${pick(NAMES, random)}=1&__proto__[x]=1&limit[__proto__]=1`),
  'prototype keys in a path': (random, cookie) =>
    get(`/api/v1/estates/${pick(NAMES, random)}/${pick(NAMES, random)}/x/history`, [`cookie: ${cookie}`]),
  'prototype keys in a body': (random, cookie) =>
    withBody(random, cookie, `{"${pick(NAMES, random)}":{"polluted":true},"username":"a","password":"b"}`),
  'constructor in a body': (random, cookie) =>
    withBody(random, cookie, '{"constructor":{"prototype":{"polluted":true}},"text":"x","name":"x"}'),
  'wrong types': (random, cookie) =>
    withBody(
      random,
      cookie,
      JSON.stringify({
        username: pick([1, {}, [], null, true], random),
        password: [],
        name: {},
        role: 7,
        estates: { length: 1e9 },
        text: {},
        until: 'NaN',
        reason: [],
      }),
    ),
  'no JSON': (random, cookie) =>
    withBody(random, cookie, pick(['{', 'NaN', '{"a":Infinity}', '[', '\ufeff{', '{"a":1,}', "{'a':1}"], random)),
  'scalar for a body': (random, cookie) => withBody(random, cookie, pick(['null', '1', '"x"', '[]', 'true'], random)),
  'deep JSON': (random, cookie) => withBody(random, cookie, '['.repeat(1 + Math.floor(random() * 20_000))),
  'deep JSON that ends': (random, cookie) => {
    const depth = 1 + Math.floor(random() * 5000)
    return withBody(random, cookie, `{"username":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`)
  },
  'huge array': (random, cookie) => withBody(random, cookie, `{"estates":[${'"x",'.repeat(5000)}"x"]}`),
  'body over its limit': () => ({
    bytes: Buffer.from('POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9000000\r\n\r\n{'),
  }),
  'wrong content type': (random, cookie) => {
    const [method, path] = jsonRoute(random)
    return send(method, path, {
      body: '<x/>',
      cookie,
      type: pick(['text/xml', 'multipart/form-data', 'application/json; charset=utf-16', '*/*', 'a'.repeat(500)], random),
    })
  },
  'compressed body': () => send('POST', '/api/v1/session', { body: '\u001f\u008b', headers: ['content-encoding: gzip'] }),
  'YAML bomb': (_random, cookie) =>
    send('POST', '/api/v1/estates', {
      cookie,
      type: 'application/yaml',
      body: `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(',')}]`).join('\n')}\n`,
    }),
  'YAML that is no estate': (random, cookie) =>
    send('POST', '/api/v1/estates', {
      cookie,
      type: 'application/yaml',
      body: pick(['', '- 1', '!!js/function x', 'a: b: c', '\t', '--- a\n--- b', '&a *a', '<<: *x'], random),
    }),
  'made-up session': (random) => get('/api/v1/session', [`cookie: estatewatch=${Math.floor(random() * 1e15).toString(36)}`]),
  'strange cookies': (random) =>
    get('/api/v1/session', [
      `cookie: ${pick(['=', ';;;=', 'estatewatch', 'estatewatch=%zz', `estatewatch=${'x'.repeat(4000)}`, '__proto__=1; estatewatch=a'], random)}`,
    ]),
  'foreign page': (random) =>
    get(pick(PATHS, random), [`origin: ${pick(['http://evil.example', 'null', 'file://', 'javascript:1', ''], random)}`]),
  'strange ranges': () => get('/', [`range: bytes=${Array.from({ length: 200 }, (_, i) => `${i}-${i + 1}`).join(',')}`]),
  'wrong token for the metrics': (random) =>
    get('/metrics', [`authorization: ${pick(['Bearer', 'Bearer ', 'Bearer x y', 'Basic AAAA', `Bearer ${'x'.repeat(4000)}`], random)}`]),
  'upgrade to what is not there': (random) =>
    raw(
      `GET ${pick(['/', '/socket.io/', '/api/v1/estates'], random)} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: ${pick(['h2c', 'websocket', 'x'], random)}\r\nsec-websocket-key: bad\r\n\r\n`,
    ),
  'live feed without a session id': (random) =>
    get(
      `/socket.io/?EIO=${pick(['4', '3', '99', 'x'], random)}&transport=${pick(['polling', 'nothing', '__proto__', 'websocket'], random)}&sid=${pick(['x', '__proto__', 'constructor'], random)}`,
    ),
  'live feed: rubbish': (random) =>
    send('POST', '/socket.io/?EIO=4&transport=polling&sid=none', {
      body: pick(['99999999', '4{"a"', 'b\u0000', '40/live,'], random),
      type: 'text/plain',
    }),
}

export const REQUEST_KINDS: readonly string[] = Object.keys(MAKERS)

export function hostileRequest(name: string, random: Random, cookie: string): HostileRequest {
  return MAKERS[name]!(random, cookie)
}
