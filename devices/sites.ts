/** The schema of each kind's own part of an estate file, found in the kind's folder: a new kind needs no line here. */
import { z } from 'zod'
import { KINDS } from './index.ts'

export type SiteSchema = z.ZodType<Readonly<Record<string, unknown>>>

async function loadSite(kind: string): Promise<SiteSchema> {
  const loaded = (await import(`./${kind}/site.ts`)) as { readonly site?: unknown }
  if (!(loaded.site instanceof z.ZodType)) throw new Error(`devices/${kind}/site.ts must export \`site\`, a zod schema`)
  return loaded.site as SiteSchema
}

/** By kind. */
export const SITES: ReadonlyMap<string, SiteSchema> = new Map(
  await Promise.all(KINDS.map(async ({ kind }) => [kind, await loadSite(kind)] as const)),
)
