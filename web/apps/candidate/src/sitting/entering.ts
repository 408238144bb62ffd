/** Through the door and out again: one place that starts and stops everything an attempt needs. */
import { watch } from 'vue'

import { Refused, Unreachable } from '../http/request.ts'
import { fetchMe } from '../http/candidate.ts'
import { enterSitting } from '../http/sit.ts'
import type { AttemptStateName, EntryAnswer } from '../http/types.ts'
import { sendWaiting, startActivity } from './activity.ts'
import { attempt, beginAttempt, endAttempt } from './attempt.ts'
import { keepReceiptOf } from './handing-in.ts'
import { clearDesk, findDesk, updateDesk } from './kept-desk.ts'
import { isOffline } from './link.ts'
import { dropMedia } from './media.ts'
import { deliverPaper, layOut } from './paper-delivery.ts'
import { restorePlays, tellPlays } from './plays.ts'
import { drainRecording, startRecording } from './recording.ts'
import { flushSaving, startSaving } from './saving.ts'
import { assumeWallOffset, learnServerTime, probeServerTime } from './server-clock.ts'
import { closeSocket, openSocket } from './socket.ts'

const FINAL: ReadonlySet<AttemptStateName> = new Set(['handed_in', 'auto_handed_in', 'terminated'])

/**
 * Enter, or come back after a reload. A newcomer without a consent version only learns which consent to show; an
 * attempt that is over only gives its receipt.
 * Throws Refused (e.g. answering.seat_occupied, answering.consent_required), Unreachable.
 */
export async function enter(sittingId: string, consentVersion: string | null, takeover = false): Promise<EntryAnswer> {
  // The server tells every earlier page of this attempt that its seat is gone; that must not reach the new one.
  closeSocket()
  const askedAt = performance.now()
  const entry = await enterSitting({ sitting_id: sittingId, consent_version: consentVersion, takeover })
  learnServerTime(entry.server_time, askedAt, performance.now())
  if (entry.consent !== null) return entry
  if (FINAL.has(entry.attempt_state)) {
    await keepReceiptOf(sittingId, entry)
    await clearDesk(sittingId)
    void drainRecording(entry)
    return entry
  }
  await start(sittingId, entry)
  return entry
}

/**
 * Set the desk up from what this computer keeps, without network; the answers wait in the outbox as always. Returns whether
 * there was a desk to set up. The page goes on knocking, and the first answer of the server brings everything up to date.
 */
export async function sitDownOffline(sittingId: string): Promise<boolean> {
  const kept = await findDesk(sittingId)
  if (kept === null) return false
  assumeWallOffset(kept.wallOffset)
  beginAttempt(sittingId, kept.entry)
  attempt.deadline = kept.deadline
  attempt.isFromKeptDesk = true
  await Promise.all([startSaving(kept.entry), restorePlays(kept.entry.attempt_id, kept.entry.plays), startActivity(kept.entry.attempt_id, kept.entry.seat_epoch)])
  void startRecording(kept.entry)
  await layOut(kept.sealed, kept.key)
  return true
}

async function start(sittingId: string, entry: EntryAnswer): Promise<void> {
  beginAttempt(sittingId, entry)
  await Promise.all([startSaving(entry), restorePlays(entry.attempt_id, entry.plays), startActivity(entry.attempt_id, entry.seat_epoch)])
  openSocket()
  void startRecording(entry)
  void tellPlays()
  void probeServerTime()
  void deliverPaper()
}

/** Nothing of the paper stays here once the attempt is over or elsewhere. */
watch(
  () => attempt.phase,
  (phase) => {
    if (phase === 'moved' || (phase === 'closed' && attempt.receipt !== null)) void clearDesk(attempt.sittingId)
  },
)
watch(
  () => attempt.deadline,
  () => void updateDesk(),
)
watch(
  () => attempt.receipt,
  (receipt) => receipt !== null && void clearDesk(attempt.sittingId),
)

/** Close the door behind a finished attempt. */
export function leave(): void {
  void sendWaiting()
  closeSocket()
  dropMedia()
  endAttempt()
}

/** The ticket was refused: a fresh one is fetched as long as the login lives; otherwise the page asks for a login. */
watch(
  () => attempt.isLoginLost,
  async (isLost) => {
    if (!isLost || attempt.sittingId === '') return
    try {
      await fetchMe()
      await enter(attempt.sittingId, null)
    } catch (fault) {
      if (!(fault instanceof Refused || fault instanceof Unreachable)) throw fault
      // stays lost: the banner leads to the login, the answers stay in the outbox
    }
  },
)

/** What was played without a line. */
watch(isOffline, (offline) => !offline && void tellPlays())

addEventListener('pagehide', () => {
  flushSaving()
  void sendWaiting(true)
})
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') flushSaving()
})
