/** Each reason for which a message is refused, in a few words; operations and "connect a box" say the same. */
import type { RejectionReason } from '../../../../domain/rejection.ts'
import type { Words } from '../../../../domain/words.ts'

export const REASON_WORDS: Readonly<Record<RejectionReason, Words>> = {
  'not-allowed': { zh: '这个凭据不能发到这个主题', en: 'this credential may not publish there' },
  'bad-topic': {
    zh: '主题不是 estates/<小区>/<种类>/<设备>/<通道>',
    en: 'the topic is not estates/<estate>/<kind>/<device>/<channel>',
  },
  'unknown-kind': { zh: '没有这种设备', en: 'no such kind of device' },
  'unknown-channel': { zh: '没有这个通道', en: 'no such channel' },
  'unknown-device': { zh: '小区文件里没有这个设备', en: "the estate's file does not have this device" },
  'not-utf8': { zh: '不是 UTF-8 文字', en: 'not UTF-8 text' },
  'not-json': { zh: '不是 JSON', en: 'not JSON' },
  'not-an-object': { zh: '不是 JSON 对象', en: 'not a JSON object' },
  'too-many-elements': { zh: '一条消息超过 1,000 个读数', en: 'more than 1,000 readings in one message' },
  'bad-timestamp': { zh: 'ts 不是毫秒时间戳', en: 'ts is not epoch milliseconds' },
  'ts-ahead': { zh: '设备时钟快了 5 分以上，没有存', en: 'the device clock is over 5 min ahead: not stored' },
  'ts-too-old': { zh: '比原始数据的保留期还早，没有存', en: 'older than the raw retention: not stored' },
  'wrong-type': { zh: '类型不对', en: 'has the wrong type' },
  'out-of-range': { zh: '超出范围', en: 'is out of range' },
  'unknown-value': { zh: '没有这个词', en: 'is not a word of this field' },
  'no-known-field': { zh: '没有一个认识的字段', en: 'no field that we know' },
  'unknown-code': { zh: '没有这个事件代码', en: 'no such event code' },
  'unknown-scheme': { zh: '没有这个故障代码表', en: 'no such fault-code scheme' },
  'refused-by-store': { zh: '时序库拒收', en: 'refused by the telemetry store' },
  'internal-error': { zh: '我们自己的错误', en: 'a fault of our own' },
}
