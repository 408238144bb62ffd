/** The one attempt this page is about: what the server said at the door, and what has changed since. */
import type { Paper, SignedReceipt } from '@invigil/exam-core'
import type { CommandMessage } from '@invigil/protocol'
import { shallowReactive } from 'vue'

import { instantOf, type EntryAnswer } from '../http/types.ts'

/**
 * waiting → answering          the key came and the paper opened
 * answering ⇄ paused           by command; a lock by the proctor is a pause with another word
 * answering, paused → closed   handed in (receipt), time over, locked by staff
 * any → moved                  the seat went to another computer
 */
export type AttemptPhase = 'none' | 'waiting' | 'answering' | 'paused' | 'closed' | 'moved'

/** Something staff said that stays until the candidate acknowledges it. */
export interface Notice {
  id: string
  kind: CommandMessage['kind'] | 'screen_left'
  text: string
  reason: string
  /** Server time when it came. */
  at: number
}

export interface AttemptState {
  sittingId: string
  entry: EntryAnswer | null
  phase: AttemptPhase
  startsAt: number
  deadline: number
  handInAllowedFrom: number | null
  paper: Paper | null
  currentItem: string
  notices: readonly Notice[]
  pauseText: string
  /** Held by the proctor, not merely paused. */
  isLocked: boolean
  receipt: SignedReceipt | null
  /** The login expired or was ended; answers stay here until the candidate logs in again. */
  isLoginLost: boolean
  /** Set up from local storage without network: the server has not been asked yet. */
  isFromKeptDesk: boolean
  /** Staff closed the attempt without a hand-in from this page. */
  closedText: string
  /** Ended for a breach of the rules. */
  isTerminated: boolean
}

const blank: AttemptState = {
  sittingId: '',
  entry: null,
  phase: 'none',
  startsAt: 0,
  deadline: 0,
  handInAllowedFrom: null,
  paper: null,
  currentItem: '',
  notices: [],
  pauseText: '',
  isLocked: false,
  receipt: null,
  isLoginLost: false,
  isFromKeptDesk: false,
  closedText: '',
  isTerminated: false,
}

export const attempt = shallowReactive<AttemptState>({ ...blank })

/** Take over what the server said at the door. */
export function beginAttempt(sittingId: string, entry: EntryAnswer): void {
  const isSame = attempt.entry?.attempt_id === entry.attempt_id
  if (!isSame) Object.assign(attempt, blank)
  Object.assign(attempt, {
    sittingId,
    entry,
    startsAt: instantOf(entry.starts_at),
    deadline: instantOf(entry.deadline),
    handInAllowedFrom: entry.hand_in_allowed_from === null ? null : instantOf(entry.hand_in_allowed_from),
    isLoginLost: false,
    isFromKeptDesk: false,
    isLocked: entry.attempt_state === 'locked',
    phase: attempt.paper === null ? 'waiting' : phaseOnDesk(entry),
  })
}

/** Return the phase of an attempt whose paper is open. */
export function phaseOnDesk(entry: EntryAnswer): AttemptPhase {
  return entry.attempt_state === 'paused' || entry.attempt_state === 'locked' ? 'paused' : 'answering'
}

export function endAttempt(): void {
  Object.assign(attempt, blank)
}

export function addNotice(notice: Notice): void {
  if (attempt.notices.some((known) => known.id === notice.id)) return
  attempt.notices = [...attempt.notices, notice]
}

export function removeNotice(id: string): void {
  attempt.notices = attempt.notices.filter((notice) => notice.id !== id)
}
