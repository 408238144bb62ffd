/** Whether the candidate has to check in before the waiting room or the desk. Part of the first load; the rest comes when needed. */
import { computed, shallowRef } from 'vue'

import { attempt } from '../sitting/attempt.ts'

const doneFor = shallowRef('')
const RUNNING: ReadonlySet<string> = new Set(['waiting', 'answering', 'paused'])

/** A sitting that records nothing asks for nothing; a desk set up without network must not be kept from its answers. */
export const needsCheckIn = computed(() => {
  const { entry, phase } = attempt
  if (entry === null || !RUNNING.has(phase) || attempt.isFromKeptDesk) return false
  return (entry.recording?.rules.tracks.length ?? 0) > 0 && doneFor.value !== entry.attempt_id
})

/** Everything is green, or the candidate goes on without because nothing else is possible. */
export function finishCheckIn(): void {
  doneFor.value = attempt.entry?.attempt_id ?? ''
}
