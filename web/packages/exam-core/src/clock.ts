/**
 * The server's clock as the page sees it.
 *
 * All times are milliseconds. `monotonic` comes from performance.now(), which no change of the computer's clock moves (F10);
 * `server` is milliseconds since 1970 UTC on the server.
 */

/** One question to the server: when it was asked and answered (monotonic), and what the server said. */
export interface ClockProbe {
  askedAt: number
  answeredAt: number
  serverTime: number
}

export interface ServerClock {
  /** server = monotonic + offset. */
  offset: number
  /** Half of the best probe's round trip: how far off the offset may be. */
  uncertainty: number
  /** Monotonic instant of that probe. */
  learnedAt: number
}

export type TimePhase = 'calm' | 'last_15' | 'last_5' | 'last_1' | 'over'

const MINUTE = 60_000
/** A probe this old no longer outweighs a fresh one: crystals drift by up to 100 ms in 20 minutes. */
const DRIFT_PER_MS = 0.0001

/**
 * Return the clock after one more probe. The shorter round trip is trusted; an old probe loses its weight with time; and a
 * probe that contradicts the clock beyond both uncertainties wins, for then the server's own clock was set.
 */
export function learnClock(clock: ServerClock | null, probe: ClockProbe): ServerClock {
  const uncertainty = Math.max(0, probe.answeredAt - probe.askedAt) / 2
  const offset = probe.serverTime - (probe.askedAt + probe.answeredAt) / 2
  const learned: ServerClock = { offset, uncertainty, learnedAt: probe.answeredAt }
  if (clock === null) return learned
  const aged = clock.uncertainty + Math.max(0, probe.answeredAt - clock.learnedAt) * DRIFT_PER_MS
  const isContradicted = Math.abs(offset - clock.offset) > aged + uncertainty
  return uncertainty <= aged || isContradicted ? learned : clock
}

/** Return the server's time at this monotonic instant. */
export function serverTimeAt(clock: ServerClock, monotonic: number): number {
  return monotonic + clock.offset
}

/** Return the milliseconds left, never negative. */
export function remainingMs(deadline: number, serverTime: number): number {
  return Math.max(0, deadline - serverTime)
}

/** Return how near the end is; the boundaries belong to the later phase. */
export function phaseOf(remaining: number): TimePhase {
  if (remaining <= 0) return 'over'
  if (remaining <= MINUTE) return 'last_1'
  if (remaining <= 5 * MINUTE) return 'last_5'
  if (remaining <= 15 * MINUTE) return 'last_15'
  return 'calm'
}

/** Return "1:29:59" or "29:59"; a started second counts, so 0:00 stands only when the time is over. */
export function formatRemaining(remaining: number): string {
  const seconds = Math.ceil(remaining / 1000)
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  const tail = `${String(minutes).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
  return hours > 0 ? `${hours}:${tail}` : tail
}

/** Return "10:32:07" at this fixed offset from UTC (minutes, Beijing is 480). */
export function formatClock(serverTime: number, utcOffsetMinutes = 480): string {
  return new Date(serverTime + utcOffsetMinutes * MINUTE).toISOString().slice(11, 19)
}
