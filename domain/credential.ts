/** Who may speak MQTT with us, and how a credential's user name says what it is. */
export type CredentialKind = 'gateway' | 'device' | 'ext'

/** User names: `gw.<estate>.<gateway>`, `dev.<estate>.<kind>.<device>`, `ext.<estate>.<name>`. */
export type CredentialOwner =
  | { readonly type: 'gateway'; readonly estate: string; readonly gateway: string }
  | { readonly type: 'device'; readonly estate: string; readonly kind: string; readonly device: string }
  | { readonly type: 'ext'; readonly estate: string; readonly name: string }

/** What the broker is told of a credential: never the secret itself. */
export interface Credential {
  readonly username: string
  /** SHA-256 of the password, hex. The password is 256 random bits, so a fast hash is enough. */
  readonly passwordSha256: string
  readonly owner: CredentialOwner
  /** Only for `ext`: filters below `estates/<estate>/ext/` and below `estates/<estate>/`. */
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
}

export function credentialUsername(owner: CredentialOwner): string {
  if (owner.type === 'gateway') return `gw.${owner.estate}.${owner.gateway}`
  if (owner.type === 'device') return `dev.${owner.estate}.${owner.kind}.${owner.device}`
  return `ext.${owner.estate}.${owner.name}`
}

/** @returns the owner a user name stands for, or undefined if it is none of ours (`system` is our own). */
export function parseCredentialUsername(username: string): CredentialOwner | undefined {
  const [type, estate, a, b, ...rest] = username.split('.')
  if (!estate || !a || rest.length > 0) return undefined
  if (type === 'gw' && b === undefined) return { type: 'gateway', estate, gateway: a }
  if (type === 'dev' && b !== undefined) return { type: 'device', estate, kind: a, device: b }
  if (type === 'ext' && b === undefined) return { type: 'ext', estate, name: a }
  return undefined
}
