/** Bytes that come in pieces and leave in other pieces. */
import type { Bytes } from '@invigil/exam-core'

/** What came is no container that we know, or a broken one. */
export class CutError extends Error {
  override name = 'CutError'
}

export function join(pieces: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** Return the view of these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Return the n bytes at `at` as an unsigned number, big endian. n ≤ 8; exact up to 2^53. */
export function readUint(bytes: Uint8Array, at: number, n: number): number {
  let value = 0
  for (let place = at; place < at + n; place += 1) value = value * 256 + (bytes[place] ?? 0)
  return value
}
