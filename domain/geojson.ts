/** The part of GeoJSON (RFC 7946) that estates use: WGS 84, longitude before latitude. */
export type Position = readonly [lon: number, lat: number]
export interface Point {
  readonly type: 'Point'
  readonly coordinates: Position
}
export interface LineString {
  readonly type: 'LineString'
  readonly coordinates: readonly Position[]
}
export interface Polygon {
  readonly type: 'Polygon'
  readonly coordinates: readonly (readonly Position[])[]
}
export type Geometry = Point | LineString | Polygon
export interface Feature {
  readonly type: 'Feature'
  readonly properties: Readonly<Record<string, string | number | boolean>>
  readonly geometry: Geometry
}
export interface FeatureCollection {
  readonly type: 'FeatureCollection'
  readonly features: readonly Feature[]
}
