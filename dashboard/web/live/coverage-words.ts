/** The coverage in words: what may be said when no alarm stands, and what is missing from a calm. */
import { number } from '../i18n/format.ts'
import { language } from '../i18n/language.ts'
import { defineWords } from '../i18n/words.ts'
import type { Coverage, KindCoverage } from './coverage.ts'

export const coverageWords = defineWords(
  {
    calm: '没有告警',
    noneWaiting: (n: number) => `没有未确认的告警，${n} 条在处理`,
    but: (missing: string) => `，但有${missing}`,
    and: '、',
    missing: {
      camera: (n: string) => ` ${n} 路看不见`,
      'fence-zone': (n: string) => ` ${n} m 围界没在看`,
      'parking-bay': (n: string) => ` ${n} 个车位没报`,
      elevator: (n: string) => ` ${n} 台电梯不在线`,
    },
    short: { camera: '摄像', 'fence-zone': '周界', 'parking-bay': '车位', elevator: '电梯' },
    word: { camera: '可信', 'fence-zone': '在看', 'parking-bay': '已报', elevator: '在线' },
    long: { camera: '摄像可信', 'fence-zone': '周界在看', 'parking-bay': '车位已报', elevator: '电梯在线' },
    unit: (kind: string) => (kind === 'fence-zone' ? ' m' : ''),
    oldest: '最旧读数',
  },
  {
    calm: 'No alarms',
    noneWaiting: (n) => `Nothing unacknowledged, ${n} in hand`,
    but: (missing) => `, but${missing}`,
    and: ',',
    missing: {
      camera: (n) => ` ${n} camera(s) unseen`,
      'fence-zone': (n) => ` ${n} m of fence unwatched`,
      'parking-bay': (n) => ` ${n} bay(s) unreported`,
      elevator: (n) => ` ${n} lift(s) not online`,
    },
    short: { camera: 'Cameras', 'fence-zone': 'Fence', 'parking-bay': 'Bays', elevator: 'Lifts' },
    word: { camera: 'trusted', 'fence-zone': 'watched', 'parking-bay': 'reported', elevator: 'online' },
    long: { camera: 'cameras trusted', 'fence-zone': 'fence watched', 'parking-bay': 'bays reported', elevator: 'lifts online' },
    unit: (kind) => (kind === 'fence-zone' ? ' m' : ''),
    oldest: 'oldest reading',
  },
)

type WatchedKind = keyof (typeof coverageWords)['zh']['short']

const words = () => coverageWords[language.value]

/** Never the bare calm while anything is not seen. */
export function calmTitle(coverage: Coverage, standing: number): string {
  const start = standing === 0 ? words().calm : words().noneWaiting(standing)
  const missing = coverage.kinds.filter(({ have, of }) => have < of)
  if (missing.length === 0) return start
  const parts = missing.map(({ kind, have, of }) => words().missing[kind as WatchedKind](number(of - have)))
  return start + words().but(parts.join(words().and))
}

/** `64`, `/64`, `摄像可信` of one kind. */
export function coverageFigure({ kind, have, of }: KindCoverage): { readonly have: string; readonly of: string; readonly label: string } {
  const unit = words().unit(kind)
  return { have: number(have), of: `/${number(of)}${unit}`, label: words().long[kind as WatchedKind] }
}

export function kindShort(kind: string): string {
  return words().short[kind as WatchedKind]
}

export function kindTrust(kind: string): string {
  return words().word[kind as WatchedKind]
}
