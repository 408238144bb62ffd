/** Drives the outbox: local storage first, then the server; never loses an edit, never claims what was not acknowledged. */
import { emptySheet, outbox as rules, type AnswerSheet, type HaltReason, type Outbox, type SaveState, type StoredOutbox } from '@invigil/exam-core'
import { computed, shallowRef, type ComputedRef } from 'vue'

import { Refused } from '../http/request.ts'
import { saveSheet } from '../http/sit.ts'
import { instantOf, type EntryAnswer } from '../http/types.ts'
import { keepLocally, readLocally } from '../storage/local.ts'
import { attempt } from './attempt.ts'

const TICK_MS = 100
/** A whole sheet is small, but a keepalive request of the browser may carry at most this. */
const KEEPALIVE_MAX_BYTES = 60_000

const box = shallowRef<Outbox>(rules.restoreOutbox({ sheet: emptySheet(''), acked: null }, null, 0))
let seatEpoch = 1
let timer: ReturnType<typeof setInterval> | undefined
let isStoring = false
let triedSeq = 0

export const sheet: ComputedRef<AnswerSheet> = computed(() => box.value.sheet)
export const saveState: ComputedRef<SaveState> = computed(() => rules.saveStateOf(box.value))
export const savedAt: ComputedRef<number | null> = computed(() => box.value.acked?.savedAt ?? null)
export const isStorageBroken: ComputedRef<boolean> = computed(() => box.value.isStorageBroken)
export const isPending: ComputedRef<boolean> = computed(() => rules.isPending(box.value))

/** Start from the server's last sheet and what this computer still holds. */
export async function startSaving(entry: EntryAnswer): Promise<void> {
  const local = await readLocally<StoredOutbox>('outbox', entry.attempt_id).catch(() => null)
  const server: StoredOutbox = {
    sheet: entry.sheet ?? emptySheet(entry.attempt_id),
    acked: entry.sheet === null ? null : { seq: entry.seq, savedAt: instantOf(entry.server_time) },
  }
  seatEpoch = entry.seat_epoch
  const here = box.value.sheet.attempt === entry.attempt_id ? rules.toStore(box.value) : null
  box.value = rules.restoreOutbox(server, newer(local, here), performance.now())
  clearInterval(timer)
  timer = setInterval(pump, TICK_MS)
  pump()
}

/** Change the sheet by a reducer of exam-core; ignored once the attempt is closed. Returns whether anything changed. */
export function editSheet(reduce: (sheet: AnswerSheet) => AnswerSheet): boolean {
  if (attempt.phase !== 'answering' || box.value.halted !== null) return false
  const before = box.value
  box.value = rules.edit(before, reduce(before.sheet), seatEpoch, performance.now())
  if (box.value === before) return false
  pump()
  return true
}

export function haltSaving(reason: HaltReason): void {
  box.value = rules.halt(box.value, reason)
}

export function resumeSaving(): void {
  box.value = rules.resume(box.value, performance.now())
  pump()
}

/** Give the final sheet a new seq: the server knows another sheet under this one. */
export function renumberSheet(): void {
  box.value = rules.renumber(box.value, seatEpoch, performance.now())
}

/** The network may be back: try soon. */
export function noticeLink(): void {
  box.value = rules.linkReturned(box.value, performance.now(), Math.random())
  pump()
}

/** The page is hidden or goes away: store, and send what still fits into a request that outlives the page. */
export function flushSaving(): void {
  box.value = rules.flush(box.value, performance.now())
  pump()
  const unsent = box.value
  const mayLeave = rules.isPending(unsent) && unsent.inFlightSeq !== unsent.sheet.seq && unsent.halted === null
  if (mayLeave && JSON.stringify(unsent.sheet).length < KEEPALIVE_MAX_BYTES / 3) void send(unsent.sheet, true)
}

/** Acknowledge what a hand-in brought to the server. */
export function acknowledgeHandIn(seq: number, at: number): void {
  box.value = rules.acknowledged(box.value, { seq, savedAt: at }, performance.now())
  haltSaving('attempt_closed')
}

function newer(one: StoredOutbox | null, other: StoredOutbox | null): StoredOutbox | null {
  if (one === null || other === null) return one ?? other
  return other.sheet.seq > one.sheet.seq ? other : one
}

function pump(): void {
  void storeNewest()
  const due = rules.sheetToSend(box.value, performance.now())
  if (due !== null) void send(due)
}

/** At most one write at a time; when it is done the newest is looked at again. */
async function storeNewest(): Promise<void> {
  const { sheet: newest, storedSeq } = box.value
  const hasFailedOnThis = box.value.isStorageBroken && triedSeq === newest.seq
  if (isStoring || hasFailedOnThis || newest.seq === 0 || newest.seq <= storedSeq) return
  isStoring = true
  triedSeq = newest.seq
  try {
    await keepLocally('outbox', newest.attempt, rules.toStore(box.value))
    box.value = rules.stored(box.value, newest.seq)
  } catch {
    box.value = rules.storageFailed(box.value) // shown beside the save state; the server gets the answers all the same
  } finally {
    isStoring = false
  }
}

async function send(due: AnswerSheet, keepalive = false): Promise<void> {
  box.value = rules.sent(box.value, due.seq)
  try {
    const saved = await saveSheet(due, keepalive)
    if (due.attempt === box.value.sheet.attempt) acknowledge(due.seq, instantOf(saved.saved_at))
  } catch (fault) {
    refuse(due, fault)
  }
}

function acknowledge(seq: number, at: number): void {
  box.value = rules.acknowledged(box.value, { seq, savedAt: at }, performance.now())
  pump()
}

/** What each refusal means for the outbox; anything not listed is tried again. */
const MEANINGS: Record<string, (due: AnswerSheet) => void> = {
  'answering.stale_seq': (due) => acknowledge(due.seq, box.value.acked?.savedAt ?? Date.now()),
  'answering.seq_conflict': () => {
    box.value = rules.renumber(box.value, seatEpoch, performance.now())
    pump()
  },
  'answering.attempt_closed': () => haltSaving('attempt_closed'),
  'answering.past_deadline': () => haltSaving('past_deadline'),
  'answering.seat_revoked': () => {
    attempt.phase = 'moved'
    haltSaving('seat_revoked')
  },
  'answering.attempt_paused': () => hold(false),
  'answering.attempt_locked': () => hold(true),
}

/** The pause is in force on the server before this page has heard of it. */
function hold(isLocked: boolean): void {
  attempt.isLocked = isLocked
  if (attempt.phase === 'answering') attempt.phase = 'paused'
  haltSaving('held')
}

function refuse(due: AnswerSheet, fault: unknown): void {
  const meaning = fault instanceof Refused ? MEANINGS[fault.code] : undefined
  if (meaning !== undefined) return meaning(due)
  if (fault instanceof Refused && fault.status === 401) attempt.isLoginLost = true
  box.value = rules.failed(box.value, due.seq, performance.now(), Math.random())
}
