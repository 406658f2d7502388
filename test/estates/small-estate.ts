/** A sound estate of about 100 m by 100 m, one line for each thing, for planting faults in: 0.001° of latitude is 111.2 m, of longitude 95.0 m at 31.3° N. */
export const SMALL_ESTATE = `id: small
name: 小区
bearingDeg: 0
plan:
  type: FeatureCollection
  features:
    - {type: Feature, properties: {kind: boundary}, geometry: {type: Polygon, coordinates: [[[121.45, 31.3], [121.451, 31.3], [121.451, 31.301], [121.45, 31.301], [121.45, 31.3]]]}}
    - {type: Feature, properties: {kind: gate, id: gate-south}, geometry: {type: LineString, coordinates: [[121.4505, 31.3], [121.4506, 31.3]]}}
fence:
  lengthM: 402.9
  openings:
    - {gate: gate-south, name: 南门, chainageM: 0, widthM: 9.5}
  line: {type: LineString, coordinates: [[121.4505, 31.3], [121.45, 31.3], [121.45, 31.301], [121.451, 31.301], [121.451, 31.3], [121.4506, 31.3]]}
blocks:
  - {id: block-1, name: 1号, storeys: 6, stairwells: 2, outline: {type: Polygon, coordinates: [[[121.4502, 31.3002], [121.4505, 31.3002], [121.4505, 31.3003], [121.4502, 31.3003], [121.4502, 31.3002]]]}}
lifts:
  - {id: lift-1-1, block: block-1, stage: in-service, device: lift-1-1}
people:
  - {id: guard-1, name: 值班员甲, title: 安保值班}
duties:
  - {duty: responsible, for: {}, person: guard-1}
devices:
  - {id: gw-1, kind: gateway, name: 网关, site: {position: [121.4505, 31.3005]}}
  - {id: zone-1, kind: fence-zone, name: 第1防区, gateway: gw-1, site: {fromM: 0, toM: 200}}
  - {id: zone-2, kind: fence-zone, name: 第2防区, gateway: gw-1, site: {fromM: 200, toM: 402.9}}
  - {id: cam-1, kind: camera, name: 摄像1, gateway: gw-1, site: {position: [121.4505, 31.3001], bearingDeg: 90, fovDeg: 60, rangeM: 46}}
  - {id: bay-1, kind: parking-bay, name: 车位1, gateway: gw-1, site: {use: bay, area: {type: Polygon, coordinates: [[[121.4506, 31.3006], [121.45065, 31.3006], [121.45065, 31.30062], [121.4506, 31.30062], [121.4506, 31.3006]]]}}}
  - {id: lift-1-1, kind: elevator, name: 1号梯, site: {position: [121.4503, 31.30031], block: block-1, floors: [1, 2, 3, 4, 5, 6], floorHeightM: 2.9}}
`

/** Replaces what stands exactly once. */
export function plant(text: string, before: string, after: string): string {
  const parts = text.split(before)
  if (parts.length !== 2) throw new Error(`${before} stands ${parts.length - 1} times`)
  return parts.join(after)
}

/** Line and column, counted from 1, of the first place where this text stands. */
export function placeOf(text: string, part: string): { line: number; column: number } {
  const at = text.indexOf(part)
  if (at < 0) throw new Error(`${part} does not stand there`)
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}
