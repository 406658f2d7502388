/** What the keys do, for the dialog of F1. */
import { defineWords } from '../../i18n/words.ts'

export const keysWords = defineWords(
  {
    keysTitle: '键位',
    keyList: () => [
      ['Enter', '确认选中的告警；画面断线时马上重连'],
      ['↑ ↓', '选告警'],
      ['F1', '这张键位表'],
      ['F6', '复位'],
      ['F7', '备注'],
      ['F8', '静音 60 秒；来了新的紧急告警就不再静音'],
      ['F9', '换语言'],
      ['+ −', '平面图放大、缩小'],
      ['Home', '平面图回到整体'],
      ['Esc', '取消'],
    ],
  },
  {
    keysTitle: 'Keys',
    keyList: () => [
      ['Enter', 'acknowledge the picked alarm; reconnect at once when cut off'],
      ['↑ ↓', 'pick an alarm'],
      ['F1', 'these keys'],
      ['F6', 'reset'],
      ['F7', 'note'],
      ['F8', 'silence for 60 s; a new urgent alarm ends it'],
      ['F9', 'language'],
      ['+ −', 'zoom the plan'],
      ['Home', 'the whole plan'],
      ['Esc', 'cancel'],
    ],
  },
)
