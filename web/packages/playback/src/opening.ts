/** Opening a segment: its hash first, then its cipher, which binds attempt, track, take, place, predecessor and times (ADR-0014). */
import { sha256Hex, toUtf8, type Bytes } from '@invigil/exam-core'

import type { PlayedSegment, PlayedTake, TrackName } from './model.ts'

/** What was fetched is not what the page of the candidate sealed. Nothing of it is shown. */
export class TamperedError extends Error {
  readonly takeId: string
  readonly seq: number

  constructor(takeId: string, seq: number) {
    super(`segment ${takeId}/${seq} is not what was recorded`)
    this.takeId = takeId
    this.seq = seq
  }
}

/** Return the key as the browser keeps it: it can open segments, and nobody can read it out. */
export function importTakeKey(raw: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt'])
}

/** Return the 12 bytes that start the cipher of the segment at `seq`: unique per take and place. */
export function nonceOf(seq: number): Bytes {
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setBigUint64(4, BigInt(seq))
  return nonce
}

/** Return what the cipher binds besides its content. */
export function bindingOf(attemptId: string, track: TrackName, takeId: string, segment: PlayedSegment): Bytes {
  const { seq, previous, p0_ms, p1_ms, at_ms } = segment
  return toUtf8(`invigil/segment/1|${attemptId}|${track}|${takeId}|${seq}|${previous}|${p0_ms}|${p1_ms}|${at_ms}`)
}

/** Return the plain bytes of a segment. Throws TamperedError when hash, place or content is not what was recorded. */
export async function openSegment(
  key: CryptoKey,
  place: { attemptId: string; track: TrackName; take: PlayedTake },
  segment: PlayedSegment,
  ciphertext: Bytes,
): Promise<Bytes> {
  const { attemptId, track, take } = place
  const tampered = () => new TamperedError(take.take_id, segment.seq)
  if ((await sha256Hex(ciphertext)) !== segment.sha256) throw tampered()
  const parameters = { name: 'AES-GCM', iv: nonceOf(segment.seq), additionalData: bindingOf(attemptId, track, take.take_id, segment) }
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, ciphertext))
  } catch {
    throw tampered()
  }
}
