/** Whether a request was sent by a page of another site; one without `Origin` (a program, a typed address) is served. */
export function isForeignOrigin(
  request: { readonly origin: string | undefined; readonly host: string | undefined },
  publicUrl: string | undefined,
): boolean {
  const { origin, host } = request
  if (origin === undefined) return false
  if (!URL.canParse(origin)) return true // `null`, from a sandboxed frame or a file
  const own = [host, publicUrl === undefined ? undefined : new URL(publicUrl).host]
  return !own.some((name) => name !== undefined && name.toLowerCase() === hostOf(origin, name))
}

// A browser leaves the scheme's own port out of Origin and Host alike; a proxy may write it.
function hostOf(origin: string, like: string): string {
  const { host, protocol } = new URL(origin)
  const port = protocol === 'https:' ? ':443' : ':80'
  return like.endsWith(port) && !host.endsWith(port) ? host + port : host
}
