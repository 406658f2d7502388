/** One fact of the foot: `摄像 62/64 可信`. */
export interface Fact {
  readonly label: string
  readonly value: string
  readonly more?: string
}

/** A page of the top row. */
export interface NavLink {
  readonly to: string
  readonly label: string
}
