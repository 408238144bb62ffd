/**
 * Canonical JSON: one value, one byte string, the same as `invigil.kernel.canonical` in Python (ADR-0005).
 *
 * Keys are sorted ASCII strings, there is no white space, text is UTF-8 with only the escapes that JSON demands, numbers are
 * integers that a JavaScript number holds exactly. Both sides run `tests/vectors/canonical.json`.
 */
import { sha256Hex, toUtf8, type Bytes } from './encoding.ts'

/** A value that has exactly one canonical form. */
export type Canonical = null | boolean | number | string | readonly Canonical[] | { readonly [key: string]: Canonical }

/** The value has a part that canonical JSON does not allow. */
export class NotCanonicalError extends Error {
  override name = 'NotCanonicalError'
}

// eslint-disable-next-line no-control-regex -- the whole ASCII range is meant
const ASCII = /^[\x00-\x7f]*$/

/** Return the canonical bytes of `value`. Throws NotCanonicalError: a fraction, a large integer, a lone surrogate, a non-ASCII key, a foreign type. */
export function encodeCanonical(value: unknown): Bytes {
  return toUtf8(canonicalText(value))
}

/** Return the canonical form as text; throws as `encodeCanonical`. */
export function canonicalText(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'string') return stringText(value)
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  if (isPlainObject(value)) return objectText(value)
  throw new NotCanonicalError(`${typeof value} has no canonical form`)
}

/** Return the lower-case hexadecimal SHA-256 of the canonical bytes. */
export async function digestCanonical(value: unknown): Promise<string> {
  return sha256Hex(encodeCanonical(value))
}

function numberText(value: number): string {
  if (!Number.isSafeInteger(value)) throw new NotCanonicalError(`not an integer below 2^53: ${value}`)
  return String(value === 0 ? 0 : value)
}

function stringText(value: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new NotCanonicalError('lone surrogate in text')
  return JSON.stringify(value)
}

function objectText(value: Record<string, unknown>): string {
  const parts = Object.keys(value)
    .sort()
    .map((key) => {
      if (!ASCII.test(key)) throw new NotCanonicalError(`key is not ASCII text: ${key}`)
      return `${JSON.stringify(key)}:${canonicalText(value[key])}`
    })
  return `{${parts.join(',')}}`
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
