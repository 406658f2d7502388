export interface Setting {
  readonly name: string
  readonly fallback?: string | number
  readonly secret?: boolean
  read(text: string): { value?: string | number; rule?: string }
}
export const SETTINGS: readonly Setting[]
export function readSettings(env: Readonly<Record<string, string | undefined>>): {
  values: Record<string, string | number | undefined>
  faults: { name: string; rule: string }[]
}
export const EXIT_BAD_SETTINGS: 78
