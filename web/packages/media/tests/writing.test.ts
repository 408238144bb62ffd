import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { fromBase64Url, toBase64Url } from '@invigil/exam-core'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { join } from '../src/cutting/bytes.ts'
import { endOf, Store, type KeptSegment } from '../src/keeping/store.ts'
import type { TakeStart } from '../src/messages.ts'
import type { Cause, Track } from '../src/model.ts'
import { boundTo, nonceOf } from '../src/sealing/seal.ts'
import { endTake, TakeWriter } from '../src/worker/writing.ts'
import { ATTEMPT } from './takes.ts'

const START_MS = Date.parse('2026-11-22T02:00:00Z')
const ID = 'take_01JDABCDEFGHJKMNPQRSTVWXYZ'
const MATERIAL = new Uint8Array(readFileSync(new URL('material/h264-opus.mp4', import.meta.url)))
let store: Store
let server: CryptoKeyPair
let publicKey: string
let stored: Omit<KeptSegment, 'n'>[]
let troubles: [string, Track, Cause][]
let room: number
let isOffline: boolean

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  store = await Store.open()
  server = (await crypto.subtle.generateKey({ name: 'X25519' }, true, ['deriveBits'])) as CryptoKeyPair
  publicKey = toBase64Url(new Uint8Array(await crypto.subtle.exportKey('raw', server.publicKey)))
  stored = []
  troubles = []
  room = Infinity
  isOffline = false
})

function writer(start: Partial<TakeStart> = {}): TakeWriter {
  const whole: TakeStart = {
    take_id: ID, track: 'camera', mime: 'video/mp4;codecs=avc1.42E01F,opus', startedAtMs: START_MS, width: 640, height: 480,
    frame_rate: 10, video_kbps: 350, audio_kbps: 24, label: '', is_test: false, ...start,
  }
  return new TakeWriter(
    {
      store, attemptId: ATTEMPT, publicKey, hasRoom: (bytes) => (room -= bytes) >= 0, isOffline: () => isOffline,
      onStored: (segment) => stored.push(segment), onTrouble: (...trouble) => troubles.push(trouble),
    },
    whole,
  )
}

/** Do as a recorder does: hand out pieces, each when its last frame has been seen. The picture's origin is START + 500. */
async function record(take: TakeWriter, late: readonly number[] = [0, 0, 0]): Promise<void> {
  await take.begin(Promise.resolve())
  const cuts = [1_198, 18_308, 26_930, MATERIAL.length]
  const times = [500 + 2_113, 500 + 4_095, 500 + 6_179, 500 + 6_987]
  for (const [place, end] of cuts.entries()) {
    const at = START_MS + times[place]! + (late[place] ?? 0)
    await take.write(Promise.resolve(MATERIAL.slice(cuts[place - 1] ?? 0, end).buffer), at)
  }
}

/** Open the take's key as the server does. */
async function unwrap(wrapped: string, takeId: string): Promise<CryptoKey> {
  const bytes = fromBase64Url(wrapped)
  const theirs = await crypto.subtle.importKey('raw', bytes.slice(0, 32), { name: 'X25519' }, false, [])
  const secret = await crypto.subtle.deriveBits({ name: 'X25519', public: theirs }, server.privateKey, 256)
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const info = new TextEncoder().encode('invigil/recording-key')
  const opening = await crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }, material, { name: 'AES-GCM', length: 256 }, false, ['decrypt'])
  const additionalData = new TextEncoder().encode(`invigil/take/1|${ATTEMPT}|camera|${takeId}`)
  const raw = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytes.slice(32, 44), additionalData }, opening, bytes.slice(44))
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt'])
}

async function openSegment(key: CryptoKey, segment: KeptSegment, change: Partial<KeptSegment> = {}): Promise<Uint8Array> {
  const place = { attemptId: ATTEMPT, track: segment.track, takeId: segment.take_id }
  const body = await store.bodyOf(segment.n)
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonceOf(segment.seq), additionalData: boundTo(place, { ...segment, ...change }) }, key, body!))
}

describe('writing a take', () => {
  it('stores a chain that the server can open, byte for byte what was recorded', async () => {
    const take = writer()
    await record(take)
    await take.end('finished', START_MS + 8_000)
    const segments = await store.oldest(ATTEMPT, 100)
    const kept = await store.takeOf(ID)
    expect(segments.map((one) => one.seq)).toEqual([0, 1, 2, 3, 4])
    expect(kept).toMatchObject({ next_seq: 5, last_sha256: segments[4]?.sha256, end: { last_seq: 4, cause: 'finished' } })
    segments.forEach((segment, place) => expect(segment.previous).toBe(segments[place - 1]?.sha256 ?? '0'.repeat(64)))
    const key = await unwrap(kept!.body.wrapped_key, ID)
    const plain = await Promise.all(segments.map((segment) => openSegment(key, segment)))
    expect(Buffer.from(join(plain)).equals(Buffer.from(MATERIAL))).toBe(true)
    for (const segment of segments) {
      const body = await store.bodyOf(segment.n)
      expect(createHash('sha256').update(body!).digest('hex')).toBe(segment.sha256)
    }
  })

  it('binds place, times and predecessor in', async () => {
    const take = writer()
    await record(take)
    const [, second] = await store.oldest(ATTEMPT, 2)
    const key = await unwrap((await store.takeOf(ID))!.body.wrapped_key, ID)
    await expect(openSegment(key, second!)).resolves.toBeDefined()
    for (const change of [{ p1_ms: second!.p1_ms + 1 }, { p0_ms: 1 }, { at_ms: 0 }, { previous: '0'.repeat(64) }]) {
      await expect(openSegment(key, second!, change)).rejects.toThrow()
    }
    await expect(unwrap((await store.takeOf(ID))!.body.wrapped_key, 'take_other')).rejects.toThrow()
  })

  it('leaves no plaintext and no key on this computer', async () => {
    const take = writer()
    await record(take)
    const key = await unwrap((await store.takeOf(ID))!.body.wrapped_key, ID)
    expect(key).toBeDefined()
    const everything = JSON.stringify([await store.takesOf(ATTEMPT), await store.oldest(ATTEMPT, 99)])
    expect(everything).not.toContain('CryptoKey')
    for (const segment of await store.oldest(ATTEMPT, 99)) {
      const text = Buffer.from((await store.bodyOf(segment.n))!).toString('latin1')
      for (const magic of ['ftyp', 'moof', 'mdat', 'isom']) expect(text).not.toContain(magic)
    }
  })

  it.each([
    ['prompt', [0, 0, 0], 500],
    ['late but for one piece', [300, 900, 0, 700], 500],
    ['late throughout', [200, 300, 250, 400], 750],
  ])('finds the origin of its times: %s', async (_name, late, origin) => {
    const take = writer()
    await record(take, late)
    await take.end('finished', START_MS + 60_000)
    const found = Math.min(...stored.filter(({ seq }) => seq > 0).map((one) => one.at_ms - one.p1_ms)) - START_MS
    expect(Math.abs(found - origin)).toBeLessThan(100) // how long the last frame of a fragment lasts is the browser's guess
    expect(Math.abs(endOf((await store.takeOf(ID))!) - START_MS - origin - 6_990)).toBeLessThan(120)
  })

  it.each([
    ['no room', 'quota'],
    ['no room, and nothing can be sent', 'offline_over_quota'],
    ['a recorder that writes nonsense', 'encoder_failed'],
  ] as const)('ends openly on trouble: %s', async (name, cause) => {
    const take = writer()
    room = 9_000
    isOffline = cause === 'offline_over_quota'
    if (cause !== 'encoder_failed') await record(take)
    else {
      await take.begin(Promise.resolve())
      await take.write(Promise.resolve(new Uint8Array([0, 0, 0, 9, 109, 100, 97, 116, 0]).buffer), START_MS)
    }
    expect(troubles).toEqual([[ID, 'camera', cause]])
    const kept = (await store.takeOf(ID))!
    expect(kept.end?.cause).toBe(cause)
    expect(kept.end?.last_seq).toBe(kept.next_seq - 1)
    expect(await store.gapsOf(ATTEMPT)).toMatchObject([{ track: 'camera', cause, to_ms: null, from_ms: endOf(kept) }])
    await take.write(Promise.resolve(MATERIAL.buffer), START_MS)
    await take.end('finished', START_MS)
    expect(troubles, name).toHaveLength(1)
  })

  it('writes its end down later when the computer is too full even for that', async () => {
    const take = writer()
    const full = vi.spyOn(store, 'changeTake').mockRejectedValue(new DOMException('no room', 'QuotaExceededError'))
    room = 9_000
    await record(take)
    await take.noteEnd()
    expect((await store.takeOf(ID))!.end).toBeNull()
    full.mockRestore()
    await take.noteEnd()
    await take.noteEnd()
    expect((await store.takeOf(ID))!.end?.cause).toBe('quota')
    expect(troubles).toEqual([[ID, 'camera', 'quota']])
    expect(await store.gapsOf(ATTEMPT)).toHaveLength(1)
  })

  it('closes the gap of its track as it begins, whatever page left it open', async () => {
    const first = writer()
    await record(first)
    await endTake(store, (await store.takeOf(ID))!, 'killed')
    const open = (await store.gapsOf(ATTEMPT))[0]!
    expect(open).toMatchObject({ cause: 'killed', to_ms: null })
    await writer({ take_id: `${ID.slice(0, -1)}0`, startedAtMs: START_MS + 20_000 }).begin(Promise.resolve())
    expect(await store.gapsOf(ATTEMPT)).toEqual([{ ...open, to_ms: START_MS + 20_000 }])
  })
})
