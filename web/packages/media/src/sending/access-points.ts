/** Which access point takes the next segment: the quickest that works; one that fails steps back for a while. Source: S1.6 */
import type { AccessPoint } from '../model.ts'

interface Standing {
  point: AccessPoint
  roundTripMs: number
  failures: number
  /** Not to be tried before this monotonic instant, unless nothing else is left. */
  restsUntil: number
}

const REST_FIRST_MS = 5_000
const REST_MAX_MS = 60_000
/** A new measurement counts for a third: one slow answer is no reason to move. */
const WEIGHT = 1 / 3
const UNMEASURED_MS = 1_000

export class AccessPoints {
  private standings: Standing[] = []

  /** Take over what the server offers now; what is known of a point stays. */
  offer(points: readonly AccessPoint[]): void {
    const known = new Map(this.standings.map((one) => [one.point.name, one]))
    this.standings = points.map((point) => {
      const before = known.get(point.name)
      return before === undefined ? { point, roundTripMs: UNMEASURED_MS, failures: 0, restsUntil: 0 } : { ...before, point }
    })
  }

  /** Return every point by name, the best first: those that rest come last. */
  inOrder(now: number): string[] {
    const rests = (one: Standing): number => (one.restsUntil > now ? one.restsUntil : 0)
    return this.standings.toSorted((one, other) => rests(one) - rests(other) || one.roundTripMs - other.roundTripMs).map((one) => one.point.name)
  }

  all(): AccessPoint[] {
    return this.standings.map((one) => one.point)
  }

  worked(name: string, tookMs: number): void {
    this.change(name, (one) => {
      const isFirst = one.roundTripMs === UNMEASURED_MS
      return { ...one, failures: 0, restsUntil: 0, roundTripMs: isFirst ? tookMs : one.roundTripMs + (tookMs - one.roundTripMs) * WEIGHT }
    })
  }

  failed(name: string, now: number): void {
    this.change(name, (one) => {
      const failures = one.failures + 1
      return { ...one, failures, restsUntil: now + Math.min(REST_MAX_MS, REST_FIRST_MS * 2 ** (failures - 1)) }
    })
  }

  private change(name: string, how: (one: Standing) => Standing): void {
    this.standings = this.standings.map((one) => (one.point.name === name ? how(one) : one))
  }
}
