import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { canonicalText, digestCanonical, encodeCanonical, NotCanonicalError } from '../src/index.ts'

interface Vectors {
  accepted: { value: unknown; canonical: string; sha256: string }[]
}
const file = fileURLToPath(new URL('../../../../tests/vectors/canonical.json', import.meta.url))
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors

describe('canonical JSON', () => {
  it.each(vectors.accepted)('encodes $canonical as Python does', async ({ value, canonical, sha256 }) => {
    expect(canonicalText(value)).toBe(canonical)
    expect(await digestCanonical(value)).toBe(sha256)
  })

  it.each([1.5, NaN, Infinity, 2 ** 53, '\ud800', { 塔: 1 }, undefined, new Date(0), [undefined], 1n])('refuses %s', (value) => {
    expect(() => encodeCanonical(value)).toThrow(NotCanonicalError)
  })

  it('does not depend on the order in which keys were set', () => {
    expect(canonicalText({ b: 1, a: 2 })).toBe(canonicalText({ a: 2, b: 1 }))
  })

  it('writes minus zero as zero', () => expect(canonicalText(-0)).toBe('0'))

  it('is read back as the same value', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((one) => !/\p{Surrogate}/u.test(one))
    const key = fc.stringMatching(/^[a-z0-9_]{0,6}$/)
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 3 }, fc.maxSafeInteger(), fc.boolean(), fc.constant(null), text, fc.array(tie('tree')), fc.dictionary(key, tie('tree'), { noNullPrototype: true })),
    }))
    fc.assert(
      fc.property(tree, (value) => {
        expect(canonicalText(JSON.parse(canonicalText(value)))).toBe(canonicalText(value))
      }),
    )
  })
})
