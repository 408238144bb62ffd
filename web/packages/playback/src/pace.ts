/** How a track is brought back to the one clock of all tracks. Pure. */

/** Further off than this, only a jump helps. */
const JUMP_FROM_MS = 400
/** Closer than this nobody sees a difference; correcting it would be heard. */
const LEAVE_BELOW_MS = 15
/** In about this time an error is made good: soon after a start, and without swinging about the clock at ten looks a second. */
const WITHIN_MS = 400
/** The most by which a track is played faster or slower than the others. */
const MOST_CORRECTION = 0.15

export type Correction = { kind: 'none' } | { kind: 'jump' } | { kind: 'rate'; rate: number }

/**
 * Return what to do with a track.
 * errorMs: the clock's instant minus the track's, > 0 when the track is late. rate: the chosen speed.
 */
export function computeCorrection(errorMs: number, rate: number): Correction {
  const distance = Math.abs(errorMs)
  if (distance > JUMP_FROM_MS * Math.max(1, rate)) return { kind: 'jump' }
  if (distance <= LEAVE_BELOW_MS) return { kind: 'none' }
  const share = Math.max(-MOST_CORRECTION, Math.min(MOST_CORRECTION, errorMs / WITHIN_MS))
  return { kind: 'rate', rate: rate * (1 + share) }
}
