import { describe, expect, it } from 'vitest'

import { sha256Hex, toUtf8, type Bytes } from '@invigil/exam-core'

import { TamperedError, importTakeKey, openSegment, type PlayedSegment, type PlayedTake } from '../src/index.ts'
import { bindingOf, nonceOf } from '../src/opening.ts'

const rawKey = new Uint8Array(32).fill(7)
const content = toUtf8('a segment')

async function seal(segment: PlayedSegment, take: string, plain: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', rawKey, 'AES-GCM', false, ['encrypt'])
  const parameters = { name: 'AES-GCM', iv: nonceOf(segment.seq), additionalData: bindingOf('att_1', 'camera', take, segment) }
  return new Uint8Array(await crypto.subtle.encrypt(parameters, key, plain))
}

async function example() {
  const segment: PlayedSegment = { seq: 3, p0_ms: 8_000, p1_ms: 12_000, at_ms: 1_790_000_000_000, bytes: 0, sha256: '', previous: 'ab'.repeat(32), url: '' }
  const ciphertext = await seal(segment, 'take_1', content)
  const known = { ...segment, bytes: ciphertext.length, sha256: await sha256Hex(ciphertext) }
  const take: PlayedTake = { take_id: 'take_1', mime: 'video/mp4', origin_ms: 0, starts_ms: [0, 4_000, 8_000], ends_ms: 12_000 }
  return { key: await importTakeKey(rawKey), place: { attemptId: 'att_1', track: 'camera', take } as const, segment: known, ciphertext }
}

describe('openSegment', () => {
  it('opens what was recorded', async () => {
    const { key, place, segment, ciphertext } = await example()
    expect(await openSegment(key, place, segment, ciphertext)).toEqual(content)
  })

  it.each(['seq', 'p0_ms', 'p1_ms', 'at_ms', 'previous'] as const)('refuses another %s', async (field) => {
    const { key, place, segment, ciphertext } = await example()
    const changed = { ...segment, [field]: field === 'previous' ? 'cd'.repeat(32) : segment[field] + 1 }
    await expect(openSegment(key, place, changed, ciphertext)).rejects.toBeInstanceOf(TamperedError)
  })

  it('refuses another attempt, track or take', async () => {
    const { key, place, segment, ciphertext } = await example()
    for (const other of [{ attemptId: 'att_2' }, { track: 'phone' as const }, { take: { ...place.take, take_id: 'take_2' } }]) {
      await expect(openSegment(key, { ...place, ...other }, segment, ciphertext)).rejects.toBeInstanceOf(TamperedError)
    }
  })

  it('refuses every flipped byte', async () => {
    const { key, place, segment, ciphertext } = await example()
    for (let index = 0; index < ciphertext.length; index += 1) {
      const flipped = ciphertext.slice()
      flipped[index]! ^= 1
      await expect(openSegment(key, place, segment, flipped)).rejects.toBeInstanceOf(TamperedError)
      // Even a manifest that was changed to match the flipped bytes does not help.
      await expect(openSegment(key, place, { ...segment, sha256: await sha256Hex(flipped) }, flipped)).rejects.toBeInstanceOf(TamperedError)
    }
  })
})
