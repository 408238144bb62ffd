/**
 * How often each sound or film was played. Counted here at once and kept over a reload; told to the server, so that a limit
 * also holds at another computer. Of what stands here and there the greater count wins. Source: S3.11
 */
import { shallowReactive } from 'vue'

import { Refused } from '../http/request.ts'
import { sendPlays } from '../http/sit.ts'
import { keepLocally, readLocally } from '../storage/local.ts'

/** By place: the medium in its item, so that two uses of one medium count apart. */
export type Plays = Record<string, number>

const TELL_AGAIN_MS = 10_000

const plays = shallowReactive<Plays>({})
/** What the server is known to have. */
let told: Plays = {}
let attemptId = ''
let isTelling = false
let retry: ReturnType<typeof setTimeout> | undefined

/** A play is counted when it starts. */
export function countPlay(place: string): void {
  plays[place] = playsOf(place) + 1
  keepPlays()
  void tellPlays()
}

export function playsOf(place: string): number {
  return plays[place] ?? 0
}

/** Go on from what this computer kept and what the server knows. */
export async function restorePlays(id: string, known: Plays = {}): Promise<void> {
  const kept = await readLocally<Plays>('plays', id).catch(() => null)
  if (attemptId !== id) for (const place of Object.keys(plays)) Reflect.deleteProperty(plays, place)
  attemptId = id
  told = { ...known }
  takeGreater(kept ?? {})
  takeGreater(known)
}

/** Tell the server what it does not know yet; a failure is tried again, and never stands in the way of anything. */
export async function tellPlays(): Promise<void> {
  if (attemptId === '' || isTelling || !hasUntold()) return
  clearTimeout(retry)
  isTelling = true
  const id = attemptId
  try {
    const known = await sendPlays({ ...plays })
    if (id !== attemptId) return
    told = known
    takeGreater(known)
  } catch (fault) {
    // What the server refuses it would refuse again; the next play or the next entering asks anew.
    if (!(fault instanceof Refused)) retry = setTimeout(() => void tellPlays(), TELL_AGAIN_MS)
    return
  } finally {
    isTelling = false
  }
  void tellPlays() // what was played meanwhile
}

function hasUntold(): boolean {
  return Object.entries(plays).some(([place, count]) => count > (told[place] ?? 0))
}

function takeGreater(counts: Plays): void {
  for (const [place, count] of Object.entries(counts)) if (count > playsOf(place)) plays[place] = count
  keepPlays()
}

function keepPlays(): void {
  if (attemptId !== '') void keepLocally('plays', attemptId, { ...plays }).catch(() => undefined) // the count in memory still holds
}
