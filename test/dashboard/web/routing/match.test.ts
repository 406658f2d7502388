import { describe, expect, it } from 'vitest'
import { hrefOf } from '../../../../dashboard/web/routing/href.ts'
import { matchPath } from '../../../../dashboard/web/routing/match.ts'

describe('an address', () => {
  it.each([
    ['/estates', '/estates', {}],
    ['/estates', '/estates/', {}],
    ['/estates/:estate', '/estates/yangqu-760', { estate: 'yangqu-760' }],
    ['/estates/:estate/devices/:kind/:device', '/estates/a/devices/camera/cam-01', { estate: 'a', kind: 'camera', device: 'cam-01' }],
    ['/estates/:estate/connect/:username?', '/estates/a/connect', { estate: 'a' }],
    ['/estates/:estate/connect/:username?', '/estates/a/connect/gw.a.b', { estate: 'a', username: 'gw.a.b' }],
    ['/estates/:estate', '/estates/%E9%98%B3', { estate: '阳' }],
    ['/estates/:estate', '/estates/100%', { estate: '100%' }],
  ])('fits %s when it is %s', (pattern, path, params) => {
    expect(matchPath(pattern, path)).toEqual(params)
  })

  it.each([
    ['/estates', '/operations'],
    ['/estates', '/estates/a'],
    ['/estates/:estate/lifts', '/estates/a'],
    ['/estates/:estate/lifts', '/estates/a/devices'],
  ])('does not fit %s when it is %s', (pattern, path) => {
    expect(matchPath(pattern, path)).toBeUndefined()
  })

  it('bears its query', () => {
    expect(hrefOf({ path: '/sign-in', query: { to: '/estates/a?x=1' } })).toBe('/sign-in?to=%2Festates%2Fa%3Fx%3D1')
    expect(hrefOf({ path: '/estates' })).toBe('/estates')
    expect(hrefOf('/operations?tab=line')).toBe('/operations?tab=line')
  })
})
