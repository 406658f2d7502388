/** Choices from one seeded series. */
import type { Random } from '../../devices/simulation.ts'

export interface Dice {
  /** From `least` up to but not including `most`. */
  between(least: number, most: number): number
  whole(least: number, most: number): number
  chance(share: number): boolean
  pick<T>(items: readonly T[]): T
  shuffle<T>(items: readonly T[]): T[]
}

export function diceFrom(random: Random): Dice {
  const between = (least: number, most: number) => least + random() * (most - least)
  const whole = (least: number, most: number) => Math.floor(between(least, most + 1))
  return {
    between,
    whole,
    chance: (share) => random() < share,
    pick: (items) => items[whole(0, items.length - 1)]!,
    shuffle: (items) => {
      const left = [...items]
      return items.map(() => left.splice(whole(0, left.length - 1), 1)[0]!)
    },
  }
}
