/** Takes and segments as the worker stores them, without pictures in them. */
import type { Bytes } from '@invigil/exam-core'
import { sha256Hex } from '@invigil/exam-core'

import { newTake, type KeptTake, type Store } from '../src/keeping/store.ts'
import type { TakeBody, Track } from '../src/model.ts'

export const ATTEMPT = 'att_1'

export function takeBody(id: string, track: Track = 'camera'): TakeBody {
  return {
    take_id: id, track, mime: 'video/mp4', wrapped_key: 'k', started_at: '2026-11-22T02:00:00.000Z', width: 640, height: 480,
    frame_rate: 10, video_kbps: 350, audio_kbps: 24, label: '', is_test: false,
  }
}

export async function beginTake(store: Store, id: string, track: Track = 'camera'): Promise<KeptTake> {
  const take = newTake(ATTEMPT, takeBody(id, track))
  await store.putTake(take)
  return take
}

/** Store the next segment of a take; returns the take as it is then. */
export async function addSegment(store: Store, take: KeptTake, content = 'x'): Promise<KeptTake> {
  const ciphertext = new TextEncoder().encode(`${take.take_id}/${take.next_seq}/${content}`) as Bytes
  const sha256 = await sha256Hex(ciphertext)
  const seq = take.next_seq
  const [p0, p1] = seq === 0 ? [0, 0] : [(seq - 1) * 4_000, seq * 4_000]
  const moved = { ...take, next_seq: seq + 1, last_sha256: sha256, p1_ms: p1, origin_ms: 1_000_000 }
  const place = { seq, previous: take.last_sha256, p0_ms: p0, p1_ms: p1, at_ms: 1_000_000 + p1 }
  await store.addSegment(moved, { ...place, sha256, bytes: ciphertext.length, take_id: take.take_id, attempt_id: ATTEMPT, track: take.body.track, is_put: false }, ciphertext)
  return moved
}
