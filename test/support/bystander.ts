/** A client that only does its work beside another one that misbehaves: publishes, waits for the acknowledgement, and remembers the longest wait. */
import type { MqttClient } from 'mqtt'

export interface Bystander {
  /** Ends its work. @returns how many were acknowledged, the longest wait for one, and whether its connection ever broke. */
  stop(): Promise<{ readonly acked: number; readonly longestMs: number; readonly isUndisturbed: boolean }>
}

export function startBystander(client: MqttClient, topic: string): Bystander {
  let stopped = false
  let acked = 0
  let longestMs = 0
  let isUndisturbed = true
  client.on('close', () => (isUndisturbed &&= stopped))
  const work = async () => {
    while (!stopped) {
      const from = performance.now()
      await client.publishAsync(topic, String(acked), { qos: 1 })
      longestMs = Math.max(longestMs, performance.now() - from)
      acked++
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const done = work().catch(() => (isUndisturbed = false))
  return {
    stop: async () => {
      stopped = true
      await done
      return { acked, longestMs, isUndisturbed }
    },
  }
}
