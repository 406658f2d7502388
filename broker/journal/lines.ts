/** Cuts what comes over a socket into JSON lines; the unfinished rest of a broken connection is dropped. */
import type { Socket } from 'node:net'

/** A line longer than this ends the connection. */
const MAX_LINE = 64 << 20

export function onJsonLines(socket: Socket, onMessage: (message: unknown) => void): void {
  let parts: string[] = []
  let length = 0
  socket.setEncoding('utf8')
  socket.on('data', (data) => {
    const chunk = String(data)
    const lines = chunk.split('\n')
    const rest = lines.pop() ?? ''
    for (const line of lines) {
      const whole = parts.length === 0 ? line : parts.join('') + line
      parts = []
      length = 0
      onMessage(JSON.parse(whole))
    }
    if (rest === '') return
    parts.push(rest)
    length += rest.length
    if (length > MAX_LINE) socket.destroy()
  })
}
