/** Why the last page of an attempt is gone: it said so as it went, or it was killed. Source: P3 */
import type { Cause } from './model.ts'

const keyOf = (attemptId: string): string => `invigil.recording.left.${attemptId}`

/** Note that this page goes away in an orderly manner; synchronous, for nothing else is finished in time. */
export function noteLeaving(attemptId: string): void {
  localStorage.setItem(keyOf(attemptId), '1')
}

/** Return the cause to write down for what the last page left open, and forget it. */
export function causeOfLeaving(attemptId: string, isReload: boolean): Cause {
  const hasLeft = localStorage.getItem(keyOf(attemptId)) !== null
  localStorage.removeItem(keyOf(attemptId))
  if (!hasLeft) return 'killed'
  return isReload ? 'reload' : 'page_closed'
}

export function isReload(): boolean {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  return navigation?.type === 'reload'
}
