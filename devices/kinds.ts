/** The list of device kinds: a new one is one folder beside this file and one line here. */
export { camera } from './camera/kind.ts'
export { elevator } from './elevator/kind.ts'
export { fenceZone } from './fence-zone/kind.ts'
export { gateway } from './gateway/kind.ts'
export { parkingBay } from './parking-bay/kind.ts'
