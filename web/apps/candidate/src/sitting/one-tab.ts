/** Two tabs of one browser must not write one answer sheet: the first holds a lock until it closes. Source: F7 */

const held = new Map<string, true>()

/** A reload may knock before the browser has buried the page it replaces. */
const TRIES = 6
const BETWEEN_TRIES_MS = 300

/** Take the sitting for this tab; false when another tab has it. A browser without locks lets everyone in: seq decides there. */
export async function holdTab(sittingId: string): Promise<boolean> {
  if (held.has(sittingId) || !('locks' in navigator)) return true
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await takeLock(sittingId)) return true
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS))
  }
  return false
}

function takeLock(sittingId: string): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(`invigil-sitting-${sittingId}`, { ifAvailable: true }, (lock) => {
      if (lock === null) return resolve(false)
      held.set(sittingId, true)
      resolve(true)
      return new Promise<void>(() => undefined) // held until the tab closes
    })
  })
}
