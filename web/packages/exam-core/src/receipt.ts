/** The independent verifier of hand-in receipts in TypeScript; the other one is in Python. Source: P2 */
import { ed25519 } from '@noble/curves/ed25519.js'

import { digestCanonical, encodeCanonical } from './canonical.ts'
import { fromBase64Url, joinBytes, sha256, toUtf8, type Bytes } from './encoding.ts'
import type { AnswerSheet } from './sheet.ts'

/** Receipts that were committed together share one signature, over these words and the root above them (ADR-0013). */
const BATCH = toUtf8('invigil receipts 1\n')
const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)
const STEP_BYTES = 1 + 32

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
  /** base64url, 64 bytes: Ed25519 over the canonical receipt or, with a path, over the root above it. */
  signature: string
  /** base64url: steps of 33 bytes from the receipt up to the root that was signed (ADR-0013); absent or empty: signed by itself. */
  path?: string
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
  if (!(await isSigned(signed, signingKey))) return 'bad_signature'
  if (sheet === undefined) return 'genuine'
  return (await digestCanonical(sheet)) === signed.receipt.sheet_sha256 ? 'genuine' : 'another_sheet'
}

export function makeReceiptFile(signed: SignedReceipt, signingKey: string, sheet: AnswerSheet): ReceiptFile {
  return { format: 'invigil-receipt', v: 1, ...signed, signing_key: signingKey, sheet }
}

async function isSigned(signed: SignedReceipt, signingKey: string): Promise<boolean> {
  try {
    const bytes = await climb(encodeCanonical(signed.receipt), fromBase64Url(signed.path ?? ''))
    return ed25519.verify(fromBase64Url(signed.signature), bytes, fromBase64Url(signingKey), { zip215: false })
  } catch {
    return false // malformed base64, path, key or signature: not signed by anyone
  }
}

/**
 * Return what was signed: the statement itself, or with a path the root to which it leads.
 *
 * path: each step is the side of the sibling (0 left, 1 right) and its SHA-256. Throws RangeError when it is malformed.
 */
async function climb(statement: Bytes, path: Bytes): Promise<Bytes> {
  if (path.length === 0) return statement
  if (path.length % STEP_BYTES !== 0) throw new RangeError('a broken path')
  let node = await sha256(joinBytes(LEAF, statement))
  for (let start = 0; start < path.length; start += STEP_BYTES) {
    const side = path[start] as number
    const sibling = path.slice(start + 1, start + STEP_BYTES)
    if (side > 1) throw new RangeError('no such side')
    node = await sha256(side === 1 ? joinBytes(NODE, node, sibling) : joinBytes(NODE, sibling, node))
  }
  return joinBytes(BATCH, node)
}
