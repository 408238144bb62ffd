import { readFileSync } from 'node:fs'

import { toHex, type Bytes } from '@invigil/exam-core'
import { describe, expect, it } from 'vitest'

import type { SegmentBody, Track } from '../src/model.ts'
import { boundTo, nonceOf, sealSegment } from '../src/sealing/seal.ts'

interface Vectors {
  place: { attempt_id: string; track: Track; take_id: string }
  wrapping: { track_key: string }
  segments: (SegmentBody & { plaintext: string; iv: string; additional_text: string; ciphertext: string })[]
}

const vectors = JSON.parse(readFileSync(new URL('../../../../tests/vectors/segments.json', import.meta.url), 'utf8')) as Vectors
const bytes = (hex: string): Bytes => new Uint8Array(Buffer.from(hex, 'hex'))
const place = { attemptId: vectors.place.attempt_id, track: vectors.place.track, takeId: vectors.place.take_id }

describe('segments as the server makes them', () => {
  it.each(vectors.segments)('position $seq', async (segment) => {
    const key = await crypto.subtle.importKey('raw', bytes(vectors.wrapping.track_key), 'AES-GCM', false, ['encrypt'])
    expect(toHex(nonceOf(segment.seq))).toBe(segment.iv)
    expect(new TextDecoder().decode(boundTo(place, segment))).toBe(segment.additional_text)
    const sealed = await sealSegment(key, place, segment, bytes(segment.plaintext))
    expect(toHex(sealed.ciphertext)).toBe(segment.ciphertext)
    expect(sealed.sha256).toBe(segment.sha256)
  })
})
