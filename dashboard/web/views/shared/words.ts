/** Words that several of these views share. */
import { defineWords } from '../../i18n/words.ts'

export const sharedWords = defineWords(
  {
    estates: '小区',
    operations: '运行',
    account: '账号',
    area: '临汾路街道',
    loadingFor: (seconds: string) => `载入中 ${seconds} s`,
    waitingFor: (what: string) => `还在等${what}`,
    copy: '复制',
    copied: '已复制',
    shownOnce: '只显示这一次，现在抄下来',
  },
  {
    estates: 'Estates',
    operations: 'Operations',
    account: 'Account',
    area: 'Linfen Road',
    loadingFor: (seconds) => `loading ${seconds} s`,
    waitingFor: (what) => `still waiting for ${what}`,
    copy: 'Copy',
    copied: 'Copied',
    shownOnce: 'Shown this once: write it down now',
  },
)
