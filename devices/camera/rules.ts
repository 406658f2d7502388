/** The alarms of a camera: what it no longer shows, and its own health. */
import type { AlarmRule, Condition } from '../../domain/rule.ts'
import { defineRule, deviceRules } from '../define-rule.ts'

/** A picture that is missing matters more where the fence is being crossed, or where its neighbour is missing as well. */
const MORE_URGENT = [{ priority: 2, when: { any: [{ judged: 'fence-alarm-in-view' }, { judged: 'neighbour-camera-lost' }] } }] as const

function picture(event: string, video: string): Condition {
  return { event, field: 'video', is: video }
}

export const rules: readonly AlarmRule[] = [
  defineRule('camera', {
    code: 'video-lost',
    name: { zh: '无画面', en: 'No picture' },
    when: picture('video-lost', 'lost'),
    priority: 3,
    priorityWhen: MORE_URGENT,
    text: { zh: '摄像没有画面', en: 'The camera gives no picture' },
    instruction: { zh: '换旁边的摄像看，告诉工程', en: 'Use the camera beside it and tell the engineer' },
  }),
  defineRule('camera', {
    code: 'covered',
    name: { zh: '遮挡', en: 'Covered' },
    when: picture('covered', 'covered'),
    priority: 2,
    text: { zh: '有人或东西挡住了摄像', en: 'Someone or something covers the camera' },
    instruction: { zh: '看旁边的摄像，派人去现场', en: 'Look at the camera beside it and send someone' },
  }),
  defineRule('camera', {
    code: 'blurred',
    name: { zh: '模糊', en: 'Blurred' },
    when: picture('blurred', 'blurred'),
    priority: 3,
    text: { zh: '画面模糊，认不出人', en: 'The picture is too blurred to know a person' },
    instruction: { zh: '看是不是雨雾；不是就请工程擦镜头', en: 'See whether it is rain or fog; if not, have the lens cleaned' },
  }),
  defineRule('camera', {
    code: 'frozen',
    name: { zh: '冻结', en: 'Frozen' },
    when: picture('frozen', 'frozen'),
    priority: 3,
    text: { zh: '画面不动了，看到的是旧的', en: 'The picture stands still: what you see is old' },
    instruction: { zh: '别信这路画面，换旁边的看', en: 'Do not trust this picture, use the camera beside it' },
  }),
  defineRule('camera', {
    code: 'not-recording',
    name: { zh: '没有录像', en: 'Not recording' },
    when: { event: 'not-recording', says: { field: 'recording', is: false } },
    priority: 3,
    text: { zh: '摄像没有在录', en: 'The camera is not recording' },
    instruction: { zh: '告诉工程，今天要修好', en: 'Tell the engineer: to be mended today' },
  }),
  defineRule('camera', {
    code: 'storage-full',
    name: { zh: '存储快满', en: 'Disk nearly full' },
    when: { event: 'storage-full', says: { field: 'storage_used_percent', above: 90, deadband: 2 } },
    priority: 3,
    text: { zh: '存储用了 90 % 以上', en: 'More than 90 % of the disk is used' },
    instruction: { zh: '告诉工程清存储', en: 'Ask the engineer to make room' },
  }),
  defineRule('camera', {
    code: 'clock-off',
    name: { zh: '时钟不准', en: 'Clock off' },
    when: {
      event: 'clock-off',
      says: {
        any: [
          { field: 'clock_offset_ms', above: 5000, deadband: 1000 },
          { field: 'clock_offset_ms', below: -5000, deadband: 1000 },
        ],
      },
    },
    priority: 3,
    text: { zh: '摄像时钟差 5 秒以上，录像时间不能当证据', en: 'The camera clock is off by more than 5 s: its times are no evidence' },
    instruction: { zh: '请工程校时', en: 'Ask the engineer to set the clock' },
  }),
  defineRule('camera', {
    code: 'too-hot',
    name: { zh: '过热', en: 'Too hot' },
    when: { event: 'too-hot', says: { field: 'temperature_celsius', above: 65, deadband: 3 } },
    priority: 3,
    text: { zh: '摄像温度高于 65 °C', en: 'The camera is hotter than 65 °C' },
    instruction: { zh: '请工程看风扇和遮阳罩', en: 'Ask the engineer to check fan and shade' },
  }),
  ...deviceRules('camera', {
    priority: 3,
    priorityWhen: MORE_URGENT,
    silent: { zh: '摄像没有消息', en: 'The camera is silent' },
    offline: { zh: '摄像离线', en: 'The camera is offline' },
    silentInstruction: { zh: '换旁边的摄像看，查电源和网线', en: 'Use the camera beside it; check supply and cable' },
    offlineInstruction: { zh: '换旁边的摄像看，查电源和网线', en: 'Use the camera beside it; check supply and cable' },
  }),
]
