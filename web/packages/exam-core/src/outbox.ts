/**
 * The outbox: the state machine between the candidate's hand and the server's acknowledgement. Source: P1, F6, F7
 *
 * Law: whatever the order of edits, acknowledgements, failures and reloads, the sheet in here is the last edit, and it is
 * either acknowledged or still pending. Saves carry the whole sheet with a growing seq, the greatest seq wins, so a save may be
 * lost, repeated or overtaken without harm. Nothing in here reads a clock or draws a random number; both come in.
 *
 * States, as `saveStateOf` tells them:
 *   untouched → saving          an edit
 *   saving    → saved           the server acknowledged the newest seq
 *   saving    → offline         a save failed; goes on by itself after a back-off
 *   offline   → saving | saved  the link is back | the acknowledgement came
 *   any       → halted          the attempt is closed, sits elsewhere, or is held (paused, locked); edits are kept here
 *   halted    → saving          resumed
 */
import { hasSameAnswers, type AnswerSheet } from './sheet.ts'

export type HaltReason = 'attempt_closed' | 'seat_revoked' | 'past_deadline' | 'held'
export type SaveState = 'untouched' | 'saving' | 'saved' | 'offline' | 'halted'

export interface Acknowledgement {
  seq: number
  /** Server time, milliseconds since 1970 UTC. */
  savedAt: number
}

export interface Outbox {
  readonly sheet: AnswerSheet
  /** The greatest acknowledged seq; null before the first acknowledgement. */
  readonly acked: Acknowledgement | null
  /** The greatest seq that local storage holds durably. */
  readonly storedSeq: number
  /** Local storage does not work: sending must not wait for it. */
  readonly isStorageBroken: boolean
  readonly inFlightSeq: number | null
  /** Failures in a row since the last acknowledgement. */
  readonly failures: number
  /** Monotonic instant of the next save; null when nothing is pending. */
  readonly dueAt: number | null
  /** Monotonic instant of the oldest edit that waits; null when nothing waits for the debounce. */
  readonly waitingSince: number | null
  readonly halted: HaltReason | null
}

/** What a page keeps in local storage, and what a reload finds there. */
export interface StoredOutbox {
  sheet: AnswerSheet
  acked: Acknowledgement | null
}

/** Edits are gathered this long before a save … */
export const DEBOUNCE_MS = 400
/** … but the first of them never waits longer than this (P1: at most 1 s of input at risk). */
export const MAX_WAIT_MS = 1_000
const BACKOFF_FIRST_MS = 1_000
const BACKOFF_MAX_MS = 10_000
/** After an outage all rooms come back at once: spread them. */
const RETURN_SPREAD_MS = 1_500
/** Every seat numbers its edits from here on, so what a later seat writes outranks what an earlier one still held. */
const SEQS_PER_SEAT = 1_000
/** The server takes seqs up to a million; seats beyond this simply count on. */
const MAX_NUMBERED_SEAT = 900

/**
 * Start from what the server acknowledged and what this computer still holds; the greater seq wins. What counts as acknowledged
 * is the server's word alone.
 */
export function restoreOutbox(server: StoredOutbox, local: StoredOutbox | null, now: number): Outbox {
  const isLocalNewer = local !== null && local.sheet.attempt === server.sheet.attempt && local.sheet.seq > server.sheet.seq
  const sheet = isLocalNewer ? local.sheet : server.sheet
  return {
    sheet,
    acked: server.acked,
    storedSeq: isLocalNewer ? sheet.seq : 0,
    isStorageBroken: false,
    inFlightSeq: null,
    failures: 0,
    dueAt: isLocalNewer && sheet.seq > (server.acked?.seq ?? 0) ? now : null,
    waitingSince: null,
    halted: null,
  }
}

/** An edit: `sheet` as a reducer made it; its seq is set here. Answers that did not change make no edit. */
export function edit(box: Outbox, sheet: AnswerSheet, seatEpoch: number, now: number): Outbox {
  if (hasSameAnswers(box.sheet, sheet)) return box
  return renumbered(box, sheet, seatEpoch, now)
}

/** The server has another sheet under this seq: the same answers go out again under a new one. */
export function renumber(box: Outbox, seatEpoch: number, now: number): Outbox {
  return renumbered({ ...box, inFlightSeq: null }, box.sheet, seatEpoch, now)
}

function renumbered(box: Outbox, sheet: AnswerSheet, seatEpoch: number, now: number): Outbox {
  const seq = Math.max(box.sheet.seq + 1, Math.min(seatEpoch, MAX_NUMBERED_SEAT) * SEQS_PER_SEAT + 1)
  const waitingSince = box.waitingSince ?? now
  const soon = Math.min(now + DEBOUNCE_MS, waitingSince + MAX_WAIT_MS)
  const dueAt = box.failures > 0 && box.dueAt !== null ? box.dueAt : soon
  return { ...box, sheet: { ...sheet, seq }, dueAt, waitingSince }
}

/** Local storage holds this seq durably. */
export function stored(box: Outbox, seq: number): Outbox {
  return { ...box, storedSeq: Math.max(box.storedSeq, seq), isStorageBroken: false }
}

/** Local storage refused; saves go to the server all the same. */
export function storageFailed(box: Outbox): Outbox {
  return { ...box, isStorageBroken: true }
}

/** Return the sheet to send now, or null: nothing pending, one under way, not yet due, not yet stored, halted. */
export function sheetToSend(box: Outbox, now: number): AnswerSheet | null {
  if (!isPending(box) || box.inFlightSeq !== null || box.halted !== null) return null
  if (box.dueAt === null || box.dueAt > now) return null
  return box.isStorageBroken || box.storedSeq >= box.sheet.seq ? box.sheet : null
}

/** The save of this seq left the page. */
export function sent(box: Outbox, seq: number): Outbox {
  return { ...box, inFlightSeq: seq, waitingSince: null }
}

/** The server acknowledged; late and repeated acknowledgements do no harm. */
export function acknowledged(box: Outbox, ack: Acknowledgement, now: number): Outbox {
  const acked = greaterAck(box.acked, ack)
  const inFlightSeq = box.inFlightSeq !== null && ack.seq >= box.inFlightSeq ? null : box.inFlightSeq
  const isDone = (acked?.seq ?? 0) >= box.sheet.seq
  const dueAt = isDone ? null : box.failures > 0 ? now : box.dueAt
  return { ...box, acked, inFlightSeq, failures: 0, dueAt, waitingSince: isDone ? null : box.waitingSince }
}

/** The save of this seq got no answer, or the server could not take it now. random: 0 ≤ r < 1. */
export function failed(box: Outbox, seq: number, now: number, random: number): Outbox {
  if (box.inFlightSeq !== seq) return box
  const failures = box.failures + 1
  return { ...box, inFlightSeq: null, failures, dueAt: isPending(box) ? now + backoffMs(failures, random) : null, waitingSince: null }
}

/** The network is back (socket open, browser says online): try soon, but not all rooms in one instant. */
export function linkReturned(box: Outbox, now: number, random: number): Outbox {
  if (box.failures === 0 || box.dueAt === null) return box
  return { ...box, dueAt: Math.min(box.dueAt, now + random * RETURN_SPREAD_MS) }
}

/** The server will take no more from this page. The sheet stays. */
export function halt(box: Outbox, reason: HaltReason): Outbox {
  return { ...box, halted: reason, inFlightSeq: null, dueAt: null, waitingSince: null }
}

/** An attempt that was closed is open again (reopened by staff), or its time was extended. */
export function resume(box: Outbox, now: number): Outbox {
  return box.halted === null ? box : { ...box, halted: null, dueAt: isPending(box) ? now : null }
}

/** Make everything pending due now: hand-in, page hidden, unload. */
export function flush(box: Outbox, now: number): Outbox {
  return isPending(box) && box.halted === null ? { ...box, dueAt: now } : box
}

export function isPending(box: Outbox): boolean {
  return box.sheet.seq > (box.acked?.seq ?? 0)
}

export function saveStateOf(box: Outbox): SaveState {
  if (box.halted !== null) return 'halted'
  if (isPending(box)) return box.failures > 0 ? 'offline' : 'saving'
  return box.acked === null ? 'untouched' : 'saved'
}

/** Return what local storage must hold now. */
export function toStore(box: Outbox): StoredOutbox {
  return { sheet: box.sheet, acked: box.acked }
}

/** Return the wait after the n-th failure in a row (n ≥ 1): doubling, capped, with the upper half drawn by `random`. */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (failures - 1))
  return full / 2 + (full / 2) * random
}

function greaterAck(one: Acknowledgement | null, other: Acknowledgement | null): Acknowledgement | null {
  if (one === null || other === null) return one ?? other
  return other.seq > one.seq ? other : one
}
