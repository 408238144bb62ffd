/** Count how often the candidate left the examination screen. A count is a signal for the proctor, never a verdict (P17). */

export interface Leavings {
  readonly count: number
  /** Monotonic instant of the leaving that lasts; null while the candidate is here. */
  readonly awaySince: number | null
  readonly lastReturnAt: number | null
}

/** One act of leaving fires several events (blur, then hidden; full screen ends): within this time they are one. */
const ONE_ACT_MS = 1_000

export const noLeavings: Leavings = { count: 0, awaySince: null, lastReturnAt: null }

/** The page lost focus, was hidden, or left full screen. */
export function left(leavings: Leavings, now: number): Leavings {
  if (leavings.awaySince !== null) return leavings
  const isSameAct = leavings.lastReturnAt !== null && now - leavings.lastReturnAt < ONE_ACT_MS
  return { ...leavings, count: leavings.count + (isSameAct ? 0 : 1), awaySince: now }
}

/** The page is seen and focused again. */
export function returned(leavings: Leavings, now: number): Leavings {
  return leavings.awaySince === null ? leavings : { ...leavings, awaySince: null, lastReturnAt: now }
}

/** Return how many leavings are still tolerated; null when the sitting sets no limit. */
export function toleratedLeft(leavings: Leavings, allowed: number | null): number | null {
  return allowed === null ? null : Math.max(0, allowed - leavings.count)
}
