/** A session belongs to a credential and a client id: both are in the id that aedes knows it by. User names hold no `/`. */
export function sessionId(username: string, clientId: string): string {
  return `${username}/${clientId}`
}

export function usernameOf(id: string): string {
  return id.slice(0, Math.max(0, id.indexOf('/')))
}

export function clientIdOf(id: string): string {
  return id.slice(id.indexOf('/') + 1)
}
