import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectSocket, type LiveSocketClient } from '../../../../dashboard/web/live/socket-io.ts'

class FakeWebSocket {
  readonly sent: string[] = []
  closed = false
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: (() => void) | null = null
  send(data: string) {
    this.sent.push(data)
  }
  close() {
    this.closed = true
  }
}

let opened: FakeWebSocket[]
let socket: LiveSocketClient
const said: unknown[] = []
const last = () => opened.at(-1)!
const hear = (data: unknown) => last().onmessage?.({ data })

beforeEach(() => {
  vi.useFakeTimers()
  opened = []
  said.length = 0
  socket = connectSocket({
    namespace: '/live',
    timeoutMs: 4000,
    open: () => {
      opened.push(new FakeWebSocket())
      return last() as unknown as WebSocket
    },
  })
  socket.on('connect', () => void said.push('connect'))
  socket.on('connect_error', (error) => void said.push(error))
  socket.on('alarm', (alarm) => void said.push(alarm))
})
afterEach(() => void vi.useRealTimers())

describe('the socket.io wire protocol', () => {
  it('asks for its namespace once the engine is open and is connected when the server says so', () => {
    hear('0{"sid":"x","pingInterval":25000}')
    expect(last().sent).toEqual(['40/live,'])
    expect(socket.connected).toBe(false)
    hear('40/live,{"sid":"y"}')
    expect(socket.connected).toBe(true)
    expect(said).toEqual(['connect'])
  })

  it('hands on events, sends its own and answers pings', () => {
    hear('40/live,{"sid":"y"}')
    hear('42/live,["alarm",{"id":"a"}]')
    socket.emit('watch', { estate: 'small' })
    hear('2')
    expect(said).toEqual(['connect', { id: 'a' }])
    expect(last().sent).toEqual(['42/live,["watch",{"estate":"small"}]', '3'])
  })

  it('leaves other namespaces and binary frames alone', () => {
    hear('40{"sid":"root"}')
    hear(new ArrayBuffer(3))
    expect(socket.connected).toBe(false)
    expect(said).toEqual([])
  })

  it('says why the server would not have it', () => {
    hear('44/live,{"message":"sign in","data":{"code":"not-signed-in"}}')
    expect(said).toEqual([{ message: 'sign in', data: { code: 'not-signed-in' } }])
    expect(socket.active).toBe(false)
  })

  it('gives up a connection that says nothing, and can be asked to try again', () => {
    vi.advanceTimersByTime(4001)
    expect(said).toEqual([{ message: 'timeout' }])
    expect(last().closed).toBe(true)
    socket.connect()
    expect(opened).toHaveLength(2)
  })

  it('hears nothing more from a connection that was dropped', () => {
    hear('40/live,{}')
    const old = last()
    socket.disconnect()
    old.onmessage?.({ data: '42/live,["alarm",{"id":"ghost"}]' })
    old.onclose?.()
    expect(said).toEqual(['connect'])
    expect(socket.active).toBe(false)
  })
})
