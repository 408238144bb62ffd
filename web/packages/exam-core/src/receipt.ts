/** The independent verifier of hand-in receipts in TypeScript; the other one is in Python. Source: P2 */
import { ed25519 } from '@noble/curves/ed25519.js'

import { digestCanonical, encodeCanonical } from './canonical.ts'
import { fromBase64Url } from './encoding.ts'
import type { AnswerSheet } from './sheet.ts'

export interface Receipt {
  v: number
  attempt: string
  seq: number
  /** Lower-case hexadecimal SHA-256 of the canonical answer sheet. */
  sheet_sha256: string
  handed_in_at: string | number
  /** What the candidate can read out on the telephone. */
  number: string
  /** 1, and one more for every reopening. */
  round?: number
  /** Handed in by the system at the deadline. */
  is_automatic?: boolean
}

export interface SignedReceipt {
  receipt: Receipt
  /** base64url, 64 bytes: Ed25519 over the canonical receipt. */
  signature: string
  key_id: string
}

export type ReceiptVerdict = 'genuine' | 'bad_signature' | 'another_sheet'

/** The file a candidate downloads: everything a verifier needs, offline. */
export interface ReceiptFile extends SignedReceipt {
  format: 'invigil-receipt'
  v: 1
  signing_key: string
  sheet: AnswerSheet
}

/**
 * Judge a receipt.
 *
 * signingKey: base64url, 32 bytes, the server's Ed25519 public key.
 * sheet: when given, the receipt must be about exactly this sheet.
 */
export async function verifyReceipt(signed: SignedReceipt, signingKey: string, sheet?: AnswerSheet): Promise<ReceiptVerdict> {
  if (!isSigned(signed, signingKey)) return 'bad_signature'
  if (sheet === undefined) return 'genuine'
  return (await digestCanonical(sheet)) === signed.receipt.sheet_sha256 ? 'genuine' : 'another_sheet'
}

export function makeReceiptFile(signed: SignedReceipt, signingKey: string, sheet: AnswerSheet): ReceiptFile {
  return { format: 'invigil-receipt', v: 1, ...signed, signing_key: signingKey, sheet }
}

function isSigned(signed: SignedReceipt, signingKey: string): boolean {
  try {
    return ed25519.verify(fromBase64Url(signed.signature), encodeCanonical(signed.receipt), fromBase64Url(signingKey), { zip215: false })
  } catch {
    return false // malformed base64, key or signature: not signed by anyone
  }
}
