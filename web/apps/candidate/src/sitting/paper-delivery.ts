/** Fetch the sealed paper early; at T0 fetch its key, all rooms spread over a moment; open it. Source: P5 */
import { importPaperKey, listMedia, openPaper, outbox, placeItems, type SealedPaper } from '@invigil/exam-core'
import { ref, shallowRef } from 'vue'

import { Refused, Unreachable } from '../http/request.ts'
import { fetchPaperKey, fetchSealedPaper } from '../http/sit.ts'
import { instantOf } from '../http/types.ts'
import { logActivity } from './activity.ts'
import { attempt, phaseOnDesk } from './attempt.ts'
import { keepDesk } from './kept-desk.ts'
import { prefetchMedia } from './media.ts'
import { keptPlace } from './place.ts'
import { serverNow } from './server-clock.ts'

export type DeliveryStep = 'fetching' | 'sealed' | 'opening' | 'open' | 'damaged'

/** Where the paper is on its way; the waiting room shows it. */
export const delivery = ref<DeliveryStep>('fetching')
/** Why the last try brought nothing, for the waiting room to say; null when all is well. */
export const deliveryFault = shallowRef<Refused | Unreachable | null>(null)

/** All candidates of a sitting ask for the key at T0: spread over this time. */
const START_SPREAD_MS = 1_500
/** Timers of a browser may sleep; look at the clock at least this often. */
const LOOK_MS = 1_000

let running = ''

/** Bring the paper onto the desk of this attempt; returns when it is open or the attempt is another one. */
export async function deliverPaper(): Promise<void> {
  const id = attempt.entry?.attempt_id ?? ''
  if (id === '' || running === id || attempt.paper !== null) return
  running = id
  delivery.value = 'fetching'
  const sealed = await persist(id, fetchSealedPaper)
  if (sealed !== null) await openAtStart(id, sealed)
  if (running === id) running = ''
}

async function openAtStart(id: string, sealed: SealedPaper): Promise<void> {
  delivery.value = 'sealed'
  await untilStart(id)
  delivery.value = 'opening'
  const key = await persist(id, fetchPaperKey)
  if (key === null) return
  try {
    const opener = await importPaperKey(key.key)
    await layOut(sealed, opener)
    await keepDesk(sealed, opener)
  } catch {
    delivery.value = 'damaged' // staff are called; nothing the candidate can do
  }
}

/** Open the paper and put it on the desk. Throws CannotOpenPaperError, PaperFormatError. */
export async function layOut(sealed: SealedPaper, key: CryptoKey): Promise<void> {
  const paper = await openPaper(sealed, key)
  attempt.paper = paper
  attempt.currentItem = firstItem(placeItems(paper).map(({ item }) => item.id))
  attempt.phase = attempt.entry === null ? 'none' : phaseOnDesk(attempt.entry)
  delivery.value = 'open'
  logActivity({ kind: 'paper_opened' })
  void prefetchMedia(listMedia(paper))
}

/** The question where the candidate was before a reload, or the first one. */
function firstItem(ids: readonly string[]): string {
  const kept = keptPlace(attempt.entry?.attempt_id ?? '')
  return ids.find((id) => id === kept) ?? ids[0] ?? ''
}

async function untilStart(id: string): Promise<void> {
  const isLate = serverNow() >= attempt.startsAt
  const spread = isLate ? 0 : Math.random() * START_SPREAD_MS
  while (isCurrent(id) && serverNow() < attempt.startsAt + spread) {
    await pause(Math.min(LOOK_MS, Math.max(50, attempt.startsAt + spread - serverNow())))
  }
}

/** Ask until an answer comes; null when the attempt has become another one. */
async function persist<T>(id: string, ask: () => Promise<T>): Promise<T | null> {
  for (let tries = 1; isCurrent(id); tries += 1) {
    try {
      const answer = await ask()
      deliveryFault.value = null
      return answer
    } catch (fault) {
      await pause(waitAfter(fault, tries))
    }
  }
  return null
}

/** 425 tells when the key opens; everything else waits with a back-off. */
function waitAfter(fault: unknown, tries: number): number {
  if (fault instanceof Refused && fault.code === 'answering.paper_key_not_yet') {
    const opensAt = fault.details['opens_at']
    const wait = typeof opensAt === 'string' ? instantOf(opensAt) - serverNow() : LOOK_MS
    return Math.min(10_000, Math.max(300, wait)) + Math.random() * 500
  }
  if (!(fault instanceof Refused || fault instanceof Unreachable)) throw fault
  deliveryFault.value = fault
  return outbox.backoffMs(tries, Math.random())
}

function isCurrent(id: string): boolean {
  return attempt.entry?.attempt_id === id && attempt.phase !== 'moved' && attempt.phase !== 'closed'
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
