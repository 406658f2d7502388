/** A process of its own that publishes an estate's readings at an even rate over ordinary MQTT connections (QoS 1), every reading another value. */
import process from 'node:process'
import mqtt, { type MqttClient } from 'mqtt'

export interface DeskLoadOrder {
  readonly port: number
  readonly estate: string
  readonly clients: readonly { readonly username: string; readonly password: string }[]
  readonly devices: readonly { readonly kind: string; readonly id: string }[]
  readonly readingsPerS: number
  /** Readings in one message. */
  readonly perMessage: number
}

/** Sent each second. */
export interface DeskLoadReport {
  readonly acked: number
}

const STEP_MS = 10
/** A bay changes hands so often: rarely enough that no sensor seems to flicker. */
const BAY_MS = 15_000
/** A broker that falls behind is not buried. */
const MOST_UNDER_WAY = 20_000

process.once('message', (order: DeskLoadOrder) => void run(order))
process.once('disconnect', () => process.exit())

async function run(order: DeskLoadOrder): Promise<void> {
  const clients = await Promise.all(order.clients.map((client) => open(order.port, client)))
  const startedAt = Date.now()
  let [sent, acked, n] = [0, 0, 0]
  const send = () => {
    const due = Math.floor(((Date.now() - startedAt) / 1000) * order.readingsPerS)
    for (; sent + order.perMessage <= due && sent - acked < MOST_UNDER_WAY; sent += order.perMessage, n++) {
      const device = order.devices[n % order.devices.length]!
      const now = Date.now()
      const readings = Array.from({ length: order.perMessage }, (_, i) => ({
        ts: now - order.perMessage + 1 + i,
        ...fields(device.kind, { n: n + i, index: n % order.devices.length, now }),
      }))
      const payload = JSON.stringify(readings.length === 1 ? readings[0] : readings)
      const client = clients[n % clients.length]!
      client.publish(`estates/${order.estate}/${device.kind}/${device.id}/telemetry`, payload, { qos: 1 }, (error) => {
        if (error) throw error
        acked += order.perMessage
      })
    }
  }
  setInterval(send, STEP_MS)
  setInterval(() => process.send!({ acked } satisfies DeskLoadReport), 1000)
}

/** Nothing that raises an alarm; of a camera not the picture, which events tell. */
function fields(
  kind: string,
  { n, index, now }: { readonly n: number; readonly index: number; readonly now: number },
): Readonly<Record<string, unknown>> {
  switch (kind) {
    case 'camera':
      return {
        recording: true,
        fps: 24 + (n % 3),
        bitrate_kbps: 3000 + (n % 997),
        storage_used_percent: 60,
        temperature_celsius: 30 + (n % 9),
      }
    case 'fence-zone':
      return { armed: true, state: 'normal', voltage_kv: 6 + (n % 90) / 100 }
    case 'parking-bay':
      return { status: Math.floor(now / BAY_MS + index / 7) % 2 === 0 ? 'free' : 'occupied', rssi_dbm: -60 - (n % 30) }
    default: {
      const floor = 1 + (Math.floor(now / 1500) % 6)
      return {
        mode: 'normal',
        floor,
        direction: 'up',
        speed_mps: 0.5 + (n % 40) / 100,
        door: 'closed',
        in_door_zone: false,
        passenger: false,
      }
    }
  }
}

async function open(port: number, client: DeskLoadOrder['clients'][number]): Promise<MqttClient> {
  return mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { ...client, reconnectPeriod: 0, protocolVersion: 4 })
}
