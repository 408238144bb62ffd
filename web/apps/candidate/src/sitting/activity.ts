/** The page's operation log: kept locally at once, sent in batches, dropped only when the server has it. Source: S3.18 */
import { batchAccepted, emptyLog, logStep, nextBatch, type ActivityLog, type ActivityStep } from '@invigil/exam-core'

import { sendActivity } from '../http/sit.ts'
import { Refused } from '../http/request.ts'
import { keepLocally, readLocally } from '../storage/local.ts'
import { attempt } from './attempt.ts'
import { serverNow } from './server-clock.ts'

const SEND_EVERY_MS = 5_000
const STEPS_PER_SEAT = 10_000
/** A reload may come at any moment; steps that came together are kept together. */
const KEEP_AFTER_MS = 200

let log: ActivityLog = emptyLog()
let attemptId = ''
let isSending = false
let timer: ReturnType<typeof setInterval> | undefined
let keeping: ReturnType<typeof setTimeout> | undefined

/** Note one step with the page's idea of the server's time, and return that time. */
export function logActivity(step: Pick<ActivityStep, 'kind' | 'item' | 'detail'>): number {
  const at = Math.round(serverNow())
  if (attempt.phase === 'none') return at
  log = logStep(log, { ...step, at_client: at })
  keeping ??= setTimeout(keepLog, KEEP_AFTER_MS)
  return at
}

export async function startActivity(id: string, seatEpoch: number): Promise<void> {
  if (attemptId === id) return
  attemptId = id
  const kept = await readLocally<ActivityLog>('log', id).catch(() => null)
  // Another computer may have counted before: every seat counts from a place of its own.
  const from = seatEpoch * STEPS_PER_SEAT + 1
  log = { nextNumber: Math.max(from, kept?.nextNumber ?? 0), waiting: kept?.waiting ?? [] }
  logActivity({ kind: kept === null ? 'entered' : 'reloaded' })
  clearInterval(timer)
  timer = setInterval(() => void sendWaiting(), SEND_EVERY_MS)
}

function keepLog(): void {
  clearTimeout(keeping)
  keeping = undefined
  // A storage that fails is shown by the outbox, which uses the same.
  if (attemptId !== '') void keepLocally('log', attemptId, log).catch(() => undefined)
}

/** Send what waits; a failure leaves it waiting. */
export async function sendWaiting(keepalive = false): Promise<void> {
  if (attemptId === '') return
  keepLog()
  const batch = nextBatch(log)
  const last = batch.at(-1)
  if (last === undefined || (isSending && !keepalive)) return
  isSending = true
  try {
    await sendActivity(batch, keepalive)
    log = batchAccepted(log, last.n)
  } catch (fault) {
    // Refused steps would be refused for ever; anything else is tried again.
    if (fault instanceof Refused && fault.status === 422) log = batchAccepted(log, last.n)
  } finally {
    isSending = false
  }
}
