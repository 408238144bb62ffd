/**
 * The emergency file: the answer sheet encrypted to the server's X25519 key, for the day when no network comes back.
 *
 * X25519 with an ephemeral key → HKDF-SHA256 (no salt, info "invigil/rescue-file") → AES-256-GCM; the header without nonce and
 * ciphertext is bound in as canonical JSON. Staff import it; the rules of the greatest seq hold there too.
 */
import { encodeCanonical } from './canonical.ts'
import { fromBase64Url, toBase64Url, type Bytes } from './encoding.ts'
import type { AnswerSheet } from './sheet.ts'

export interface RescueFile {
  format: 'invigil-rescue'
  v: 1
  attempt: string
  seq: number
  /** base64url, 32 bytes: the page's one-time public key. */
  ephemeral_key: string
  nonce: string
  ciphertext: string
}

/** What the server finds inside. `exported_at`: the page's idea of the server's time, ISO 8601. */
export interface RescueContent {
  v: 1
  sheet: AnswerSheet
  seat_epoch: number
  exported_at: string
}

const NONCE_BYTES = 12

/** Return the file. rescueKey: base64url, 32 bytes, the server's X25519 public key. */
export async function makeRescueFile(content: RescueContent, rescueKey: string): Promise<RescueFile> {
  const ephemeral = (await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits'])) as CryptoKeyPair
  const publicKey = toBase64Url(new Uint8Array(await crypto.subtle.exportKey('raw', ephemeral.publicKey)))
  const header = { format: 'invigil-rescue', v: 1, attempt: content.sheet.attempt, seq: content.sheet.seq, ephemeral_key: publicKey } as const
  const key = await agreeKey(ephemeral.privateKey, fromBase64Url(rescueKey))
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const parameters = { name: 'AES-GCM', iv: nonce, additionalData: encodeCanonical(header) }
  const ciphertext = await crypto.subtle.encrypt(parameters, key, encodeCanonical(content))
  return { ...header, nonce: toBase64Url(nonce), ciphertext: toBase64Url(new Uint8Array(ciphertext)) }
}

async function agreeKey(privateKey: CryptoKey, theirs: Bytes): Promise<CryptoKey> {
  const publicKey = await crypto.subtle.importKey('raw', theirs, { name: 'X25519' }, false, [])
  const secret = await crypto.subtle.deriveBits({ name: 'X25519', public: publicKey }, privateKey, 256)
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode('invigil/rescue-file') }
  return crypto.subtle.deriveKey(hkdf, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}
