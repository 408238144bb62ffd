/** When to try again, and when to let an answer go first. */

const FIRST_MS = 1_000
const MAX_MS = 8_000
/** A save that hangs longer than this does not keep the recording from being sent one segment at a time. */
const HELD_AT_MOST_MS = 4_000

/** Return the wait after the n-th failure in a row (n ≥ 1): doubling, capped, with the upper half drawn by `random`. */
export function retryAfterMs(failures: number, random: number): number {
  const full = Math.min(MAX_MS, FIRST_MS * 2 ** (failures - 1))
  return full / 2 + (full / 2) * random
}

/** A wait that can be cut short. */
export class Alarm {
  private ring: (() => void) | null = null
  private isRung = false

  /** Wait this long, or until somebody wakes; a call that came before the wait counts. */
  async wait(ms: number): Promise<void> {
    if (!this.isRung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        this.ring = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    this.ring = null
    this.isRung = false
  }

  wake(): void {
    this.isRung = true
    this.ring?.()
  }
}

/** Answers go first: between two segments the uploader waits while a save is on its way, but never for good. */
export class Courtesy {
  private isHeld = false
  private waiting: (() => void)[] = []

  hold(isHeld: boolean): void {
    this.isHeld = isHeld
    if (!isHeld) for (const go of this.waiting.splice(0)) go()
  }

  async pass(): Promise<void> {
    if (!this.isHeld) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, HELD_AT_MOST_MS)
      this.waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}
