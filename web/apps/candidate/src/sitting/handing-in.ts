/** Hand in: by the candidate's hand, by command, or because the time is over. Exactly once on the server. Source: P2, S3.10 */
import { makeReceiptFile, outbox, summariseHandIn, verifyReceipt, type AnswerSheet, type ReceiptFile, type SignedReceipt } from '@invigil/exam-core'
import { ref } from 'vue'

import { Refused, Unreachable } from '../http/request.ts'
import { handIn } from '../http/sit.ts'
import { instantOf } from '../http/types.ts'
import { keepLocally, readLocally } from '../storage/local.ts'
import { attempt } from './attempt.ts'
import { acknowledgeHandIn, sheet } from './saving.ts'

/** A hand-in is under way. */
export const isHandingIn = ref(false)
/** The receipt came, but its signature or hash is wrong: staff must look. */
export const isReceiptDoubtful = ref(false)

const TRIES_WHEN_TOLD = 60

/** The receipt of this page, should local storage not work. */
let newest: { sittingId: string; file: ReceiptFile } | null = null

/** Hand in what stands on the sheet. Throws Refused (the rules say no) and Unreachable (try again). */
export async function handInNow(): Promise<SignedReceipt> {
  isHandingIn.value = true
  try {
    const final = sheet.value
    const unanswered = attempt.paper === null ? 0 : summariseHandIn(attempt.paper, final).unanswered.length
    return await takeReceipt(await handIn(final, unanswered), final)
  } finally {
    isHandingIn.value = false
  }
}

/** Hand in because staff or the clock said so: no edits from here on, tries again until the server answers. */
export async function handInAsTold(): Promise<void> {
  if (attempt.phase === 'closed') return
  attempt.phase = 'closed'
  for (let tries = 1; tries <= TRIES_WHEN_TOLD && attempt.receipt === null; tries += 1) {
    try {
      await handInNow()
    } catch (fault) {
      if (fault instanceof Refused && fault.status !== 401) return // the server closed it with what it had
      if (!(fault instanceof Unreachable || fault instanceof Refused)) throw fault
      await new Promise((resolve) => setTimeout(resolve, outbox.backoffMs(tries, Math.random())))
    }
  }
}

/** Return the receipt of a sitting handed in on this computer, after any reload; null when there is none. */
export async function findReceipt(sittingId: string): Promise<ReceiptFile | null> {
  if (newest?.sittingId === sittingId) return newest.file
  return readLocally<ReceiptFile>('entry', `receipt/${sittingId}`).catch(() => null)
}

async function takeReceipt(signed: SignedReceipt, final: AnswerSheet): Promise<SignedReceipt> {
  const key = attempt.entry?.signing_key ?? ''
  isReceiptDoubtful.value = (await verifyReceipt(signed, key)) !== 'genuine'
  acknowledgeHandIn(signed.receipt.seq, instantOf(signed.receipt.handed_in_at))
  const file = makeReceiptFile(signed, key, final)
  newest = { sittingId: attempt.sittingId, file }
  await keepLocally('entry', `receipt/${attempt.sittingId}`, file).catch(() => undefined) // the page shows it anyway
  attempt.phase = 'closed'
  attempt.receipt = signed
  return signed
}
