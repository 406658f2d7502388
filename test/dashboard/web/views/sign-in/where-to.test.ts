import { describe, expect, it } from 'vitest'
import { whereTo } from '../../../../../dashboard/web/views/sign-in/where-to.ts'

describe('where a person goes after signing in', () => {
  it.each([
    ['to the desk of their one estate', ['yangqu'], undefined, '/estates/yangqu'],
    ['to all estates with several', ['yangqu', 'wenxi-251'], undefined, '/estates'],
    ['to all estates with all of them', '*' as const, undefined, '/estates'],
    ['back to the page that was asked for', ['yangqu'], '/operations?tab=rejected', '/operations?tab=rejected'],
    ['to the one desk although the overview was asked for', ['yangqu'], '/estates', '/estates/yangqu'],
    ['never to another site', '*' as const, '//evil.example/', '/estates'],
    ['never to another site by a backslash', '*' as const, '/\\evil.example', '/estates'],
    ['never back to the sign-in page', '*' as const, '/sign-in?to=/sign-in', '/estates'],
  ])('goes %s', (_, estates, asked, path) => {
    expect(whereTo({ estates }, asked)).toBe(path)
  })
})
