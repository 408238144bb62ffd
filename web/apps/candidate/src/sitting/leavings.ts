/** Watch whether the candidate stays on the examination screen; a signal for staff, said openly to the candidate. */
import { left, noLeavings, returned, toleratedLeft } from '@invigil/exam-core'
import { computed, onScopeDispose, shallowRef } from 'vue'

import { addNotice, attempt } from './attempt.ts'
import { logActivity } from './activity.ts'
import { serverNow } from './server-clock.ts'
import { raiseSignal } from './signals.ts'

const leavings = shallowRef(noLeavings)

const keyOf = (): string => `invigil.leavings.${attempt.entry?.attempt_id ?? ''}`

export const leavingCount = computed(() => leavings.value.count)
export const leavingsTolerated = computed(() => toleratedLeft(leavings.value, attempt.entry?.rules.screen_left_warnings ?? null))

/** Leaving was only warned of so far; from the next time on it is shown to the proctor as a breach. */
export const isWithinAllowance = computed(() => leavings.value.count <= (attempt.entry?.rules.screen_left_warnings ?? Infinity))

/** Watch for as long as the calling component lives. */
export function useLeavings(): void {
  leavings.value = { ...noLeavings, count: Number(sessionStorage.getItem(keyOf()) ?? 0) }
  const events = new AbortController()
  const options = { signal: events.signal }
  addEventListener('blur', () => goAway('blur'), options)
  addEventListener('focus', comeBack, options)
  document.addEventListener('visibilitychange', () => (document.hidden ? goAway('hidden') : comeBack()), options)
  document.addEventListener('fullscreenchange', noteFullscreen, options)
  onScopeDispose(() => events.abort())
}

function goAway(how: string): void {
  if (attempt.phase !== 'answering') return
  const before = leavings.value
  leavings.value = left(before, performance.now())
  sessionStorage.setItem(keyOf(), String(leavings.value.count))
  if (leavings.value !== before) raiseSignal('screen_left', how)
}

function comeBack(): void {
  const before = leavings.value
  if (before.awaySince === null || document.hidden) return
  const awayMs = Math.round(performance.now() - before.awaySince)
  leavings.value = returned(before, performance.now())
  logActivity({ kind: 'screen_returned', detail: String(awayMs) })
  if (attempt.phase !== 'answering') return
  addNotice({ id: `screen_left/${before.count}`, kind: 'screen_left', text: '', reason: '', at: serverNow() })
}

function noteFullscreen(): void {
  if (document.fullscreenElement === null) raiseSignal('fullscreen_left')
}
