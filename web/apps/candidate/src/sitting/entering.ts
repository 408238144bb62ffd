/** Through the door and out again: one place that starts and stops everything an attempt needs. */
import { watch } from 'vue'

import { Refused, Unreachable } from '../http/request.ts'
import { fetchMe } from '../http/candidate.ts'
import { enterSitting } from '../http/sit.ts'
import type { EntryAnswer } from '../http/types.ts'
import { sendWaiting, startActivity } from './activity.ts'
import { attempt, beginAttempt, endAttempt } from './attempt.ts'
import { dropMedia, restorePlays } from './media.ts'
import { deliverPaper } from './paper-delivery.ts'
import { flushSaving, startSaving } from './saving.ts'
import { learnServerTime, probeServerTime } from './server-clock.ts'
import { closeSocket, openSocket } from './socket.ts'

/**
 * Enter, or come back after a reload. Without a consent version the page only learns which consent to show.
 * Throws Refused (e.g. answering.seat_occupied, answering.consent_required), Unreachable.
 */
export async function enter(sittingId: string, consentVersion: string | null, takeover = false): Promise<EntryAnswer> {
  const askedAt = performance.now()
  const entry = await enterSitting({ sitting_id: sittingId, consent_version: consentVersion, takeover })
  learnServerTime(entry.server_time, askedAt, performance.now())
  if (consentVersion === null && entry.consent !== null) return entry
  await start(sittingId, entry)
  return entry
}

async function start(sittingId: string, entry: EntryAnswer): Promise<void> {
  beginAttempt(sittingId, entry)
  await Promise.all([startSaving(entry), restorePlays(entry.attempt_id), startActivity(entry.attempt_id)])
  openSocket()
  void probeServerTime()
  void deliverPaper()
}

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
      await enter(attempt.sittingId, attempt.entry?.consent?.version ?? null)
    } catch (fault) {
      if (!(fault instanceof Refused || fault instanceof Unreachable)) throw fault
      // stays lost: the banner leads to the login, the answers stay in the outbox
    }
  },
)

addEventListener('pagehide', () => {
  flushSaving()
  void sendWaiting(true)
})
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') flushSaving()
})
