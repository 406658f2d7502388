/** Fault codes on the wire → our alarm codes, for each scheme: 0 to 7 are shared, from 8 up they conflict, so a code never travels without its scheme. */

type Scheme = Readonly<Record<string, string | null>>

/** A controller may write 7 as `7` or `07`. */
function withPadding(codes: Scheme): Scheme {
  return { ...codes, ...Object.fromEntries(Object.entries(codes).map(([code, ours]) => [code.padStart(2, '0'), ours])) }
}

const SHARED: Scheme = {
  0: null, // no fault
  1: 'safety-circuit',
  2: 'door-close-fault',
  3: 'door-open-fault',
  4: 'stopped-off-level',
  5: 'unintended-movement',
  6: 'run-timeout',
  7: 'position-lost',
}

// GB/T 24476-2017, as two independent code bases agree; the text of the 2023 edition was not readable.
const GBT_24476_2017: Scheme = {
  ...SHARED,
  8: 'blocked-restart',
  40: null, // back to automatic
  41: 'main-power-off',
  42: null, // stop service
  43: null, // inspection
  44: null, // fire return
  45: null, // firefighter
  46: null, // emergency power
  47: null, // earthquake
  90: 'alarm-button',
}

export const ELEVATOR_SCHEMES: Readonly<Record<string, Scheme>> = {
  'gbt24476-2017': withPadding(GBT_24476_2017),
  chongqing: withPadding({ ...GBT_24476_2017, 91: 'pit', 92: 'overshoot', 93: 'entrapment' }),
  'city-b': withPadding({
    ...SHARED,
    8: 'door-open-moving', // door opened while running
    9: 'overshoot',
    10: 'pit',
    11: 'overspeed',
    12: 'door-open-moving', // moving with the door open
    13: 'run-timeout',
    14: 'door-close-fault', // door repeats
    15: 'alarm-button',
    99: 'other-fault',
  }),
  // The retrofit box's own list: the shared 0 to 7 do not hold for it.
  'retrofit-box': withPadding({
    0: null,
    1: 'entrapment', // non-level
    2: 'entrapment', // level
    3: 'door-open-moving', // door open while running
    4: 'stopped-off-level',
    5: 'overspeed',
    6: 'overshoot',
    7: 'pit',
    8: 'door-open-moving', // 开门走车
  }),
}
