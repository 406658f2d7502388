/** Where the landings of a lift shaft are drawn: to scale, the lowest floor at the bottom. Pixels from the drawing's top. */
export interface ShaftBox {
  readonly top: number
  readonly height: number
}

export interface Landing {
  readonly floor: number
  /** The landing's sill: the car's own floor stands here when it is level. */
  readonly y: number
}

export interface Shaft {
  readonly top: number
  readonly bottom: number
  /** From one landing to the next. */
  readonly pitch: number
  readonly carHeight: number
  readonly pxPerMetre: number
  readonly landings: readonly Landing[]
}

const CAR_SHARE = 0.78 // of a storey: a car of 2.2 m in a storey of 2.8 m

/** `floors` as the estate's file lists them; a missing 13 or 0 takes no room. */
export function layShaft(floors: readonly number[], floorHeightM: number, box: ShaftBox): Shaft {
  const upwards = [...new Set(floors)].sort((a, b) => a - b)
  const pitch = box.height / Math.max(1, upwards.length)
  const bottom = box.top + box.height
  return {
    top: box.top,
    bottom,
    pitch,
    carHeight: pitch * CAR_SHARE,
    pxPerMetre: pitch / floorHeightM,
    landings: upwards.map((floor, i) => ({ floor, y: bottom - i * pitch })),
  }
}

/** @returns the sill of a floor; a floor that the file does not list is held at the nearer end. */
export function sillOf(shaft: Shaft, floor: number): number {
  const exact = shaft.landings.find((landing) => landing.floor === floor)
  if (exact) return exact.y
  const first = shaft.landings[0]
  const above = shaft.landings.find((landing) => landing.floor > floor)
  return above?.y ?? shaft.landings.at(-1)?.y ?? first?.y ?? shaft.bottom
}
