/** Bytes that WebCrypto accepts (never backed by shared memory). */
export type Bytes = Uint8Array<ArrayBuffer>

const BASE64URL = /^[A-Za-z0-9_-]*$/

/** Return the bytes of base64 or base64url text, with or without padding. Throws RangeError on anything else. */
export function fromBase64Url(text: string): Bytes {
  const plain = text.replace(/=+$/, '').replace(/\+/g, '-').replace(/\//g, '_')
  if (!BASE64URL.test(plain) || plain.length % 4 === 1) throw new RangeError('not base64url')
  const binary = atob(plain.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
}

/** Return base64url text without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

/** Return lower-case hexadecimal text, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Return the UTF-8 bytes of `text`. */
export function toUtf8(text: string): Bytes {
  return new TextEncoder().encode(text)
}

/** Return the text of UTF-8 bytes. Throws TypeError on malformed bytes. */
export function fromUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

/** Return the lower-case hexadecimal SHA-256. */
export async function sha256Hex(bytes: Bytes): Promise<string> {
  return toHex(await sha256(bytes))
}

/** Return the SHA-256, 32 bytes. */
export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

/** Return the parts one after the other. */
export function joinBytes(...parts: readonly Bytes[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let end = 0
  for (const part of parts) {
    joined.set(part, end)
    end += part.length
  }
  return joined
}
