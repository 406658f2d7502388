/** Which record an address belongs to, and what its parts are: `/estates/:estate/connect/:username?`. */
export type Params = Readonly<Record<string, string>>

/** @returns the named parts, or undefined where the pattern does not fit; a part with `?` may be missing */
export function matchPath(pattern: string, path: string): Params | undefined {
  const want = parts(pattern)
  const have = parts(path)
  if (have.length > want.length) return undefined
  const params: Record<string, string> = {}
  for (const [i, part] of want.entries()) {
    const value = have[i]
    if (value === undefined) {
      if (!part.endsWith('?')) return undefined
    } else if (part.startsWith(':')) params[part.replace(/[:?]/g, '')] = decode(value)
    else if (part !== value) return undefined
  }
  return params
}

const parts = (path: string) => path.split('/').filter((part) => part !== '')

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a lone % in a pasted address
  }
}
