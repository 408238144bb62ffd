/** Hand in: by the candidate's hand, by command, or because the time is over. Exactly once on the server. Source: P2, S3.10 */
import { emptySheet, makeReceiptFile, outbox, summariseHandIn, type ReceiptFile, type SignedReceipt } from '@invigil/exam-core'
import { ref } from 'vue'

import { Refused, Unreachable } from '../http/request.ts'
import { handIn } from '../http/sit.ts'
import { instantOf, type EntryAnswer } from '../http/types.ts'
import { keepLocally, readLocally } from '../storage/local.ts'
import { logActivity } from './activity.ts'
import { attempt } from './attempt.ts'
import { acknowledgeHandIn, renumberSheet, sheet } from './saving.ts'

/** A hand-in is under way. */
export const isHandingIn = ref(false)
/** The page is handing in because it was told to, and has no answer yet. */
export const isClosing = ref(false)

const TRIES_WHEN_TOLD = 60

/** The receipt of this page, should local storage not work. */
let newest: { sittingId: string; file: ReceiptFile } | null = null

/** Hand in what stands on the sheet. Throws Refused (the rules say no) and Unreachable (try again). */
export async function handInNow(): Promise<SignedReceipt> {
  isHandingIn.value = true
  try {
    // The server wants a seq above 0, even for a sheet nobody wrote on.
    if (sheet.value.seq === 0) renumberSheet()
    return await handInOnce()
  } catch (fault) {
    if (!(fault instanceof Refused) || fault.code !== 'answering.seq_conflict') throw fault
    renumberSheet()
    return await handInOnce()
  } finally {
    isHandingIn.value = false
  }
}

async function handInOnce(): Promise<SignedReceipt> {
  const final = sheet.value
  const unanswered = attempt.paper === null ? 0 : summariseHandIn(attempt.paper, final).unanswered.length
  const signed = await handIn(final, unanswered)
  await takeReceipt(makeReceiptFile(signed, attempt.entry?.signing_key ?? '', final))
  return signed
}

/** Hand in because staff or the clock said so: no edits from here on, tries again until the server answers. */
export async function handInAsTold(): Promise<void> {
  if (isHandingIn.value || attempt.phase === 'closed' || attempt.phase === 'none') return
  attempt.phase = 'closed'
  isClosing.value = true
  // Reopened meanwhile: then the desk is the candidate's again.
  for (let tries = 1; tries <= TRIES_WHEN_TOLD && attempt.phase === 'closed' && attempt.receipt === null; tries += 1) {
    const isDone = await tryToHandIn()
    if (isDone) break
    await new Promise((resolve) => setTimeout(resolve, outbox.backoffMs(tries, Math.random())))
  }
  isClosing.value = false
}

/** Return whether there is nothing more to try. */
async function tryToHandIn(): Promise<boolean> {
  try {
    await handInNow()
    return true
  } catch (fault) {
    if (fault instanceof Refused) return fault.status !== 401 // the server closed it with what it had
    if (fault instanceof Unreachable) return false
    throw fault
  }
}

/** Return the receipt of a sitting handed in on this computer, after any reload; null when there is none. */
export async function findReceipt(sittingId: string): Promise<ReceiptFile | null> {
  if (newest?.sittingId === sittingId) return newest.file
  return readLocally<ReceiptFile>('entry', `receipt/${sittingId}`).catch(() => null)
}

/** The server gave the receipt of an attempt that was handed in before this page came. */
export async function keepReceiptOf(sittingId: string, entry: EntryAnswer): Promise<void> {
  if (entry.receipt === null) return
  const file = makeReceiptFile(entry.receipt, entry.signing_key, entry.sheet ?? emptySheet(entry.attempt_id))
  await keepFile(sittingId, file)
}

async function takeReceipt(file: ReceiptFile): Promise<void> {
  acknowledgeHandIn(file.receipt.seq, instantOf(file.receipt.handed_in_at))
  await keepFile(attempt.sittingId, file)
  attempt.phase = 'closed'
  attempt.receipt = file
  logActivity({ kind: 'handed_in', detail: file.receipt.number })
}

async function keepFile(sittingId: string, file: ReceiptFile): Promise<void> {
  newest = { sittingId, file }
  await keepLocally('entry', `receipt/${sittingId}`, file).catch(() => undefined) // the page shows it anyway
}
