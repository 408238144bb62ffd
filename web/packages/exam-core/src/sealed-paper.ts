/** Open the paper that was fetched sealed and whose key came at T0. AES-256-GCM; the paper's id is bound in. */
import { fromBase64Url, fromUtf8, toUtf8 } from './encoding.ts'
import { readPaper, type Paper } from './paper.ts'

export const SUITE_AES_256_GCM = 1

export interface SealedPaper {
  paper_id: string
  suite: number
  /** base64url, 12 bytes. */
  nonce: string
  /** base64url, ciphertext and 16-byte tag. */
  ciphertext: string
}

/** The sealed paper does not open with this key, was changed, or belongs to someone else. */
export class CannotOpenPaperError extends Error {
  override name = 'CannotOpenPaperError'
}

/** Return a key that opens and can no longer be read out, so that a page may keep it for a reload. key: base64url, 32 bytes. */
export async function importPaperKey(key: string): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('raw', fromBase64Url(key), 'AES-GCM', false, ['decrypt'])
  } catch (fault) {
    throw new CannotOpenPaperError('not a key', { cause: fault })
  }
}

/** Return the paper. Throws CannotOpenPaperError, PaperFormatError. */
export async function openPaper(sealed: SealedPaper, key: CryptoKey): Promise<Paper> {
  if (sealed.suite !== SUITE_AES_256_GCM) throw new CannotOpenPaperError(`unknown suite ${sealed.suite}`)
  return readPaper(JSON.parse(fromUtf8(await decrypt(sealed, key))))
}

async function decrypt(sealed: SealedPaper, key: CryptoKey): Promise<Uint8Array> {
  try {
    const parameters = { name: 'AES-GCM', iv: fromBase64Url(sealed.nonce), additionalData: boundTo(sealed.paper_id) }
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, fromBase64Url(sealed.ciphertext)))
  } catch (fault) {
    throw new CannotOpenPaperError('the paper does not open with this key', { cause: fault })
  }
}

function boundTo(paperId: string) {
  return toUtf8(`invigil/paper/${paperId}`)
}
