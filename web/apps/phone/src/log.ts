/** The phone's operation log; it joins the computer's on the server's clock. Source: S3.18 */
import { serverNow } from './clock.ts'
import { Refused, sendSteps, type Step } from './http.ts'

const SEND_EVERY_MS = 5_000
const STEPS_PER_CLAIM = 10_000
const MAX_BATCH = 100

let next = 0
let waiting: Step[] = []
let isSending = false
let timer: ReturnType<typeof setInterval> | undefined

/** Count from a place of this claim's own, past what an earlier load of the same claim may have sent. */
export function startLog(phoneEpoch: number): void {
  const from = phoneEpoch * STEPS_PER_CLAIM + (Math.floor(Date.now() / 1000) % 9_000)
  if (next < from) next = from
  clearInterval(timer)
  timer = setInterval(() => void sendLog(), SEND_EVERY_MS)
}

export function logStep(kind: string, detail = ''): void {
  waiting.push({ n: next, at_client: new Date(serverNow()).toISOString(), kind, detail: detail.slice(0, 400) })
  next += 1
}

export async function sendLog(isLeaving = false): Promise<void> {
  const batch = waiting.slice(0, MAX_BATCH)
  if (batch.length === 0 || timer === undefined || (isSending && !isLeaving)) return
  isSending = true
  try {
    await sendSteps(batch, isLeaving)
    waiting = waiting.slice(batch.length)
  } catch (fault) {
    // Refused once is refused for ever; anything else is tried again.
    if (fault instanceof Refused) waiting = waiting.slice(batch.length)
  } finally {
    isSending = false
  }
}
