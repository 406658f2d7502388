import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { KINDS } from '../devices/index.ts'
import { asyncApi, asyncApiPath } from '../scripts/asyncapi.ts'

const document = asyncApi()

describe('the MQTT contract', () => {
  it('as written in docs/asyncapi.json is the one made from the kinds; `npm run asyncapi` writes it anew', () => {
    expect(JSON.parse(readFileSync(asyncApiPath, 'utf8'))).toEqual(document)
  })

  it('is valid AsyncAPI 3.0', () => {
    const require = createRequire(import.meta.url)
    const schema = require('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object
    const ajv = new Ajv({ strict: false, validateFormats: false })
    const valid = ajv.validate(schema, document)
    expect(ajv.errors ?? []).toEqual([])
    expect(valid).toBe(true)
  })

  it('has no dangling reference', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1]!)
    expect(references.length).toBeGreaterThan(KINDS.length)
    for (const reference of references)
      expect(
        reference.split('/').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document),
        reference,
      ).toBeDefined()
  })

  it('names every field of every kind', () => {
    const schemas = JSON.stringify(document['components'])
    for (const { fields } of KINDS) for (const name of Object.keys(fields)) expect(schemas).toContain(`"${name}"`)
  })
})
