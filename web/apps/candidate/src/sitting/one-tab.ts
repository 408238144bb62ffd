/** Two tabs of one browser must not write one answer sheet: the first holds a lock until it closes. Source: F7 */

const held = new Map<string, true>()

/** Take the sitting for this tab; false when another tab has it. A browser without locks lets everyone in: seq decides there. */
export function holdTab(sittingId: string): Promise<boolean> {
  if (held.has(sittingId) || !('locks' in navigator)) return Promise.resolve(true)
  return new Promise((resolve) => {
    void navigator.locks.request(`invigil-sitting-${sittingId}`, { ifAvailable: true }, (lock) => {
      if (lock === null) return resolve(false)
      held.set(sittingId, true)
      resolve(true)
      return new Promise<void>(() => undefined) // held until the tab closes
    })
  })
}
