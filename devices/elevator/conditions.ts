/** What the rules of a lift mean by moving, standing and shut in. */
import type { Condition } from '../../domain/rule.ts'

export const PASSENGER: Condition = { field: 'passenger', is: true }

/** The speed decides where it is known, otherwise the direction shown: some lifts keep the arrow lit while they stand. */
export const MOVING: Condition = {
  any: [
    { field: 'speed_mps', above: 0.05 },
    {
      all: [
        { unheard: 'speed_mps' },
        {
          any: [
            { field: 'direction', is: 'up' },
            { field: 'direction', is: 'down' },
          ],
        },
      ],
    },
  ],
}

export const STILL: Condition = {
  all: [
    { unless: { field: 'speed_mps', above: 0.05 } },
    {
      any: [
        { field: 'speed_mps', below: 0.06 },
        { field: 'direction', is: 'none' },
      ],
    },
  ],
}

/** Nobody can get out: door closed, someone inside, the car not moving. A run, however long, is none of this. */
export const SHUT_IN: Condition = { all: [{ field: 'door', is: 'closed' }, PASSENGER, STILL] }

/** A change of any of these between two readings means that the car or its door has moved in between. */
export const STILL_COUNTERS = ['floor', 'run_count', 'door_cycles'] as const

/**
 * Just under the 30 s between two readings of a standing lift: the second one finds the entrapment, at most 60 s after the stop.
 * Only readings count, never the wait for one, so silence invents nothing.
 */
export const SHUT_IN_MS = 28_000

/** A rescue: the door is open, and not between floors. */
export const ENDED_BY_OPEN_DOOR: Condition = { all: [{ field: 'door', is: 'open' }, { unless: { field: 'in_door_zone', is: false } }] }

/** A speed governor trips at 115 % of the rated speed (EN 81-20 §5.6.2.2.1). Residential lifts are rated at 2.5 m/s at the most: what counts where the estate's file does not say. */
export const OVERSPEED: Condition = { field: 'speed_mps', above: 2.9, deadband: 0.4, times: 1.15, ofSite: 'ratedMps' }

/** A bag in the door makes one closing slow; three in a row are the door. */
export const SLOW_DOOR: Condition = { field: 'door_close_ms', aboveMedian: 1.5, inRow: 3, per: 'door_cycles' }

/** The greater trouble of the same lift has an alarm of its own: one trouble is one row on the desk. */
export const SHUT_IN_IS_TOLD = { when: { alarm: 'entrapment' }, by: { zh: '已报困人', en: 'Entrapment is told' } } satisfies {
  when: Condition
  by: { zh: string; en: string }
}

/** Inspection, fire and independent service and a lift taken out of use: its faults are somebody's work, not news. */
export const NO_SERVICE = {
  when: {
    any: [
      { field: 'mode', is: 'inspection' },
      { field: 'mode', is: 'fire' },
      { field: 'mode', is: 'independent' },
      { field: 'mode', is: 'stopped' },
    ],
  },
  by: { zh: '检修、消防、专用或停用', en: 'Inspection, fire, independent or stopped' },
} satisfies { when: Condition; by: { zh: string; en: string } }

/** Many controllers go to `stopped` by themselves on a fault: someone shut in then must still be heard. */
export const ATTENDED = {
  when: {
    any: [
      { field: 'mode', is: 'inspection' },
      { field: 'mode', is: 'fire' },
      { field: 'mode', is: 'independent' },
    ],
  },
  by: { zh: '检修、消防或专用', en: 'Inspection, fire or independent' },
} satisfies { when: Condition; by: { zh: string; en: string } }
