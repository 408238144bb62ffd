/** Skipping inactivity: stretches in which nothing was noted, answered or signalled. Pure. */

export interface Stretch {
  from_ms: number
  to_ms: number
}

/** What is shown before and after something happened, so that it can be understood. */
export const MARGIN_MS = 5_000

/**
 * Return the quiet stretches between `from_ms` and `to_ms`, in order.
 * instants: of everything that happened, in any order. leastMs: shorter ones are not worth a jump.
 */
export function listQuiet(window: Stretch, instants: readonly number[], leastMs = 30_000): Stretch[] {
  const inside = instants.filter((at) => at >= window.from_ms && at <= window.to_ms).sort((one, other) => one - other)
  const edges = [window.from_ms - MARGIN_MS, ...inside, window.to_ms + MARGIN_MS]
  const quiet: Stretch[] = []
  for (let index = 1; index < edges.length; index += 1) {
    const from = (edges[index - 1] ?? 0) + MARGIN_MS
    const to = (edges[index] ?? 0) - MARGIN_MS
    if (to - from >= leastMs) quiet.push({ from_ms: from, to_ms: to })
  }
  return quiet
}

/** Return where playing goes on when quiet stretches are skipped: the end of the stretch that holds `atMs`, else `atMs`. */
export function skipQuiet(quiet: readonly Stretch[], atMs: number): number {
  return quiet.find((one) => one.from_ms <= atMs && atMs < one.to_ms)?.to_ms ?? atMs
}
