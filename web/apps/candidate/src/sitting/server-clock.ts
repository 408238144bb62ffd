/** The server's clock in this page: learned from probes and from every `time` message, shown four times a second. */
import { learnClock, remainingMs, serverTimeAt, type ServerClock } from '@invigil/exam-core'
import { computed, onScopeDispose, ref, type ComputedRef, type Ref } from 'vue'

import { Unreachable } from '../http/request.ts'
import { fetchTime } from '../http/sit.ts'
import { instantOf } from '../http/types.ts'
import { attempt } from './attempt.ts'

const TICK_MS = 250
const PROBES = 5
/** A kept offset is as good as the computer's own clock: any answer of the server is better. */
const ASSUMED_UNCERTAINTY_MS = 60_000

let clock: ServerClock | null = null
const now = ref(0)

/** Return the server's time as well as this page knows it, milliseconds since 1970 UTC. */
export function serverNow(): number {
  return clock === null ? Date.now() : serverTimeAt(clock, performance.now())
}

/** Learn from one exchange. askedAt, answeredAt: performance.now(). */
export function learnServerTime(serverTime: string, askedAt: number, answeredAt: number): void {
  clock = learnClock(clock, { askedAt, answeredAt, serverTime: instantOf(serverTime) })
  now.value = serverNow()
}

/** Learn from a message nobody asked for: its way took an unknown time, taken as up to half a second. */
export function hearServerTime(serverTime: string): void {
  const heardAt = performance.now()
  learnServerTime(serverTime, heardAt - 500, heardAt)
}

/** Return how far the server's clock is ahead of this computer's wall clock, in milliseconds. */
export function wallOffset(): number {
  return serverNow() - Date.now()
}

/** Go on with an offset kept before a reload, until the server can be asked again. */
export function assumeWallOffset(offset: number): void {
  if (clock === null) clock = { offset: Date.now() + offset - performance.now(), uncertainty: ASSUMED_UNCERTAINTY_MS, learnedAt: performance.now() }
}

/** Ask a few times; the shortest round trip decides. Silent when the server cannot be reached: the last clock goes on. */
export async function probeServerTime(): Promise<void> {
  for (let probe = 0; probe < PROBES; probe += 1) {
    const askedAt = performance.now()
    try {
      const { server_time: serverTime } = await fetchTime()
      learnServerTime(serverTime, askedAt, performance.now())
    } catch (fault) {
      if (fault instanceof Unreachable) return
      throw fault
    }
  }
}

/** The ticking server time, for as long as the calling component lives. */
export function useServerNow(): Ref<number> {
  now.value = serverNow()
  const timer = setInterval(() => (now.value = serverNow()), TICK_MS)
  onScopeDispose(() => clearInterval(timer))
  return now
}

/** Milliseconds until this attempt's deadline. */
export function useRemaining(): ComputedRef<number> {
  const ticking = useServerNow()
  return computed(() => remainingMs(attempt.deadline, ticking.value))
}
