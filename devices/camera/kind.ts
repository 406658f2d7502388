/** What a surveillance camera says of itself: whether it records, what its picture is like, and its own health. */
import { SECOND_MS } from '../../domain/clock.ts'
import type { KindDefinition } from '../../domain/device-kind.ts'
import { rules } from './rules.ts'

export const camera: KindDefinition = {
  kind: 'camera',
  name: { zh: '摄像', en: 'Camera' },
  fields: {
    recording: {
      type: 'boolean',
      label: { zh: '录像', en: 'Recording' },
      labels: { true: { zh: '在录', en: 'recording' }, false: { zh: '没有录', en: 'not recording' } },
    },
    video: {
      type: 'enum',
      label: { zh: '画面', en: 'Picture' },
      labels: {
        ok: { zh: '正常', en: 'ok' },
        lost: { zh: '无画面', en: 'no picture' },
        covered: { zh: '遮挡', en: 'covered' },
        blurred: { zh: '模糊', en: 'blurred' },
        frozen: { zh: '冻结', en: 'frozen' },
      },
    },
    fps: { type: 'number', label: { zh: '帧率', en: 'Frame rate' }, unit: 'fps', min: 0, max: 240 },
    bitrate_kbps: { type: 'number', label: { zh: '码率', en: 'Bit rate' }, unit: 'kbps', min: 0, max: 200_000 },
    storage_used_percent: { type: 'number', label: { zh: '存储已用', en: 'Disk used' }, unit: '%', min: 0, max: 100 },
    temperature_celsius: { type: 'number', label: { zh: '温度', en: 'Temperature' }, unit: '°C', min: -60, max: 150 },
    clock_offset_ms: { type: 'number', label: { zh: '时钟偏差', en: 'Clock offset' }, unit: 'ms', min: -4e12, max: 4e12 },
  },
  events: ['video-lost', 'covered', 'blurred', 'frozen', 'not-recording', 'storage-full', 'clock-off', 'too-hot'],
  expectedIntervalMs: () => 30 * SECOND_MS,
  rules,
}
