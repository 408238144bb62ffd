import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { webcrypto } from 'node:crypto'
import { describe, expect, it } from 'vitest'

import * as core from '../src/index.ts'

const vector = <T>(name: string): T =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../../../tests/vectors/${name}.json`, import.meta.url)), 'utf8')) as T

describe('receipt', () => {
  const { signed, signing_key: key, sheet } = vector<{ signed: core.SignedReceipt; signing_key: string; sheet: core.AnswerSheet }>('receipt')

  it('of Python is genuine for its sheet', async () => expect(await core.verifyReceipt(signed, key, sheet)).toBe('genuine'))
  it('is genuine without a sheet', async () => expect(await core.verifyReceipt(signed, key)).toBe('genuine'))
  it('is not about another sheet', async () =>
    expect(await core.verifyReceipt(signed, key, core.chooseOne(sheet, 'i1', 'D'))).toBe('another_sheet'))

  it('fails on every changed field, signature or key', async () => {
    const fields: Partial<core.Receipt>[] = [{ seq: 1 }, { number: 'X' }, { attempt: 'x' }, { handed_in_at: 'x' }, { sheet_sha256: 'x' }, { v: 2 }]
    for (const field of fields) {
      expect(await core.verifyReceipt({ ...signed, receipt: { ...signed.receipt, ...field } }, key)).toBe('bad_signature')
    }
    expect(await core.verifyReceipt({ ...signed, signature: '!' }, key)).toBe('bad_signature')
    expect(await core.verifyReceipt(signed, key.slice(2))).toBe('bad_signature')
  })

  it('file carries what an offline verifier needs', () =>
    expect(core.makeReceiptFile(signed, key, sheet)).toMatchObject({ format: 'invigil-receipt', signing_key: key, sheet }))
})

describe('receipts that were signed together', () => {
  type Kept = { signed: core.SignedReceipt & { path: string }; sheet: core.AnswerSheet }
  const { receipts, signing_key: key } = vector<{ receipts: Kept[]; signing_key: string }>('receipt_batch')

  it('of Python are each genuine for their own sheet alone', async () => {
    for (const { signed, sheet } of receipts) {
      expect(await core.verifyReceipt(signed, key, sheet)).toBe('genuine')
      const others = receipts.filter((one) => one.sheet !== sheet)
      for (const other of others) expect(await core.verifyReceipt(signed, key, other.sheet)).toBe('another_sheet')
    }
  })

  it('fail on every changed byte of the path, on another one, and without it', async () => {
    const [{ signed }, other] = receipts as [Kept, Kept]
    const bytes = core.fromBase64Url(signed.path)
    for (let place = 0; place < bytes.length; place += 1) {
      const path = core.toBase64Url(bytes.map((byte, index) => (index === place ? byte ^ 1 : byte)))
      expect(await core.verifyReceipt({ ...signed, path }, key)).toBe('bad_signature')
    }
    for (const path of [undefined, '', '!', other.signed.path, signed.path.slice(0, 44), core.toBase64Url(bytes.slice(1))]) {
      expect(await core.verifyReceipt({ ...signed, path } as core.SignedReceipt, key)).toBe('bad_signature')
    }
  })

  it('fail on a changed receipt', async () => {
    const [{ signed }] = receipts as [Kept]
    expect(await core.verifyReceipt({ ...signed, receipt: { ...signed.receipt, seq: 1 } }, key)).toBe('bad_signature')
  })
})

describe('sealed paper', () => {
  const { key, sealed, paper } = vector<{ key: string; sealed: core.SealedPaper; paper: core.Paper }>('sealed_paper')

  it('of Python opens', async () => expect(await core.openPaper(sealed, await core.importPaperKey(key))).toEqual(paper))

  it('needs a key of the right length', async () => {
    await expect(core.importPaperKey('AAAA')).rejects.toThrow(core.CannotOpenPaperError)
  })

  it('opens with no other key, id, nonce, suite or text', async () => {
    const flipped = sealed.ciphertext.replace(/^./, (one) => (one === 'A' ? 'B' : 'A'))
    const wrong: Partial<core.SealedPaper>[] = [{ paper_id: 'paper_2' }, { ciphertext: flipped }, { nonce: 'AAAAAAAAAAAAAAAA' }, { suite: 9 }]
    const right = await core.importPaperKey(key)
    for (const change of wrong) await expect(core.openPaper({ ...sealed, ...change }, right)).rejects.toThrow(core.CannotOpenPaperError)
    const other = await core.importPaperKey(core.toBase64Url(new Uint8Array(32)))
    await expect(core.openPaper(sealed, other)).rejects.toThrow(core.CannotOpenPaperError)
  })
})

describe('rescue file', () => {
  it('opens with the server’s key alone, header bound in', async () => {
    const server = (await webcrypto.subtle.generateKey({ name: 'X25519' }, true, ['deriveBits'])) as CryptoKeyPair
    const publicKey = core.toBase64Url(new Uint8Array(await webcrypto.subtle.exportKey('raw', server.publicKey)))
    const sheet = { ...core.chooseOne(core.emptySheet('att_1'), 'i1', 'C'), seq: 100_001 }
    const content: core.RescueContent = { v: 1, sheet, seat_epoch: 1, exported_at: '2025-11-22T02:32:07Z' }
    const file = await core.makeRescueFile(content, publicKey)
    expect(JSON.stringify(file)).not.toContain('"answers"')
    expect(JSON.parse(core.fromUtf8(await open(file, server.privateKey, file.attempt)))).toEqual(content)
    await expect(open(file, server.privateKey, 'att_2')).rejects.toThrow()
  })
})

/** The server's side in a few lines: what Python does with `keys.derive_key` and `keys.open_with`. */
async function open(file: core.RescueFile, privateKey: CryptoKey, attempt: string): Promise<Uint8Array> {
  const { nonce, ciphertext, ...header } = file
  const theirs = await webcrypto.subtle.importKey('raw', core.fromBase64Url(file.ephemeral_key), { name: 'X25519' }, false, [])
  const secret = await webcrypto.subtle.deriveBits({ name: 'X25519', public: theirs }, privateKey, 256)
  const material = await webcrypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: core.toUtf8('invigil/rescue-file') }
  const key = await webcrypto.subtle.deriveKey(hkdf, material, { name: 'AES-GCM', length: 256 }, false, ['decrypt'])
  const parameters = { name: 'AES-GCM', iv: core.fromBase64Url(nonce), additionalData: core.encodeCanonical({ ...header, attempt }) }
  return new Uint8Array(await webcrypto.subtle.decrypt(parameters, key, core.fromBase64Url(ciphertext)))
}

describe('base64url', () => {
  it('goes both ways and takes ordinary base64 too', () => {
    expect(core.toBase64Url(core.fromBase64Url('_-8'))).toBe('_-8')
    expect(core.fromBase64Url('/+8=')).toEqual(core.fromBase64Url('_-8'))
  })
  it('refuses what is not base64', () => expect(() => core.fromBase64Url('塔')).toThrow(RangeError))
})
