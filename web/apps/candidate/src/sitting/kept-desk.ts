/**
 * What a desk needs to be set up again without network: the entry, the sealed paper, and a key that opens but cannot be read
 * out. Kept from the opening of the paper to the end of the attempt, and no longer. Source: F7
 */
import type { SealedPaper } from '@invigil/exam-core'

import type { EntryAnswer } from '../http/types.ts'
import { forgetLocally, keepLocally, readLocally } from '../storage/local.ts'
import { attempt } from './attempt.ts'
import { wallOffset } from './server-clock.ts'

export interface KeptDesk {
  entry: EntryAnswer
  deadline: number
  sealed: SealedPaper
  key: CryptoKey
  wallOffset: number
}

const keyOf = (sittingId: string): string => `desk/${sittingId}`

/** Keep the desk of the current attempt; without local storage a reload simply needs the network. */
export async function keepDesk(sealed: SealedPaper, key: CryptoKey): Promise<void> {
  const { entry, sittingId, deadline } = attempt
  if (entry === null) return
  const kept: KeptDesk = { entry: { ...entry, sheet: null, seq: 0 }, deadline, sealed, key, wallOffset: wallOffset() }
  await keepLocally('entry', keyOf(sittingId), kept).catch(() => undefined)
}

export async function findDesk(sittingId: string): Promise<KeptDesk | null> {
  return readLocally<KeptDesk>('entry', keyOf(sittingId)).catch(() => null)
}

/** Extra time and pauses move the end; a kept desk must know. */
export async function updateDesk(): Promise<void> {
  const kept = await findDesk(attempt.sittingId)
  if (kept === null || kept.deadline === attempt.deadline) return
  await keepLocally('entry', keyOf(attempt.sittingId), { ...kept, deadline: attempt.deadline, wallOffset: wallOffset() }).catch(() => undefined)
}

/** The attempt is over or elsewhere: no paper stays on this computer. */
export async function clearDesk(sittingId: string): Promise<void> {
  await forgetLocally('entry', keyOf(sittingId)).catch(() => undefined)
}
