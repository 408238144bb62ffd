/**
 * Encryption of segments. Every take has a key of its own: made here, told only to the server (wrapped), and held in memory for as
 * long as the take lasts. It is never stored: browsers write even unreadable keys as plain bytes into their profile. Source: P9, S3.3
 */
import { fromBase64Url, sha256Hex, toBase64Url, toUtf8, type Bytes } from '@invigil/exam-core'

import { join, viewOf } from '../cutting/bytes.ts'
import type { SegmentBody, Track } from '../model.ts'

const KEY_BYTES = 32
const NONCE_BYTES = 12

export interface TakePlace {
  attemptId: string
  track: Track
  takeId: string
}

/** key: encrypts, and cannot be read out. wrappedKey: base64url for the server. */
export interface TakeKey {
  key: CryptoKey
  wrappedKey: string
}

/**
 * Make a take's key. publicKey: base64url, 32 bytes, the server's X25519 key for recordings.
 * wrapped = ephemeral public key 32 ‖ nonce 12 ‖ AES-256-GCM(HKDF-SHA256(shared secret), key) 48.
 */
export async function makeTakeKey(place: TakePlace, publicKey: string): Promise<TakeKey> {
  const raw = crypto.getRandomValues(new Uint8Array(KEY_BYTES))
  try {
    const wrapped = await wrapKey(raw, place, fromBase64Url(publicKey))
    const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt'])
    return { key, wrappedKey: toBase64Url(wrapped) }
  } finally {
    raw.fill(0)
  }
}

async function wrapKey(raw: Bytes, place: TakePlace, theirs: Bytes): Promise<Bytes> {
  const ephemeral = (await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits'])) as CryptoKeyPair
  const ours = new Uint8Array(await crypto.subtle.exportKey('raw', ephemeral.publicKey))
  const wrapping = await agreeKey(ephemeral.privateKey, theirs)
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const additionalData = toUtf8(`invigil/take/1|${place.attemptId}|${place.track}|${place.takeId}`)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData }, wrapping, raw)
  return join([ours, nonce, new Uint8Array(sealed)])
}

async function agreeKey(privateKey: CryptoKey, theirs: Bytes): Promise<CryptoKey> {
  const publicKey = await crypto.subtle.importKey('raw', theirs, { name: 'X25519' }, false, [])
  const secret = await crypto.subtle.deriveBits({ name: 'X25519', public: publicKey }, privateKey, 256)
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: toUtf8('invigil/recording-key') }
  return crypto.subtle.deriveKey(hkdf, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt'])
}

export type SegmentPlace = Pick<SegmentBody, 'seq' | 'previous' | 'p0_ms' | 'p1_ms' | 'at_ms'>

/** Return what a segment's ciphertext is bound to: its place, its times and the segment before it. */
export function boundTo(take: TakePlace, place: SegmentPlace): Bytes {
  const { seq, previous, p0_ms: p0, p1_ms: p1, at_ms: at } = place
  return toUtf8(['invigil/segment/1', take.attemptId, take.track, take.takeId, seq, previous, p0, p1, at].join('|'))
}

/** Four zero bytes and the position: used once per key, for a position is used once per take. */
export function nonceOf(seq: number): Bytes {
  const nonce = new Uint8Array(NONCE_BYTES)
  viewOf(nonce).setBigUint64(4, BigInt(seq))
  return nonce
}

export async function sealSegment(key: CryptoKey, take: TakePlace, place: SegmentPlace, plain: Bytes): Promise<{ ciphertext: Bytes; sha256: string }> {
  const parameters = { name: 'AES-GCM', iv: nonceOf(place.seq), additionalData: boundTo(take, place) }
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt(parameters, key, plain))
  return { ciphertext, sha256: await sha256Hex(ciphertext) }
}
