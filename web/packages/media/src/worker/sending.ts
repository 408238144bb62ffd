/** Keep one uploader per attempt running over all tabs of the browser: the one that holds the lock. */
import type { SendingState } from '../messages.ts'
import { LoginLost, Unreachable } from '../sending/faults.ts'
import { Alarm, retryAfterMs } from '../sending/pace.ts'
import type { Uploader } from '../sending/uploader.ts'

/** What is recorded is gathered for so long: one request for all tracks instead of two for each segment. */
const GATHER_MS = 5_000
const MEASURE_EVERY_MS = 60_000

export class Sending {
  state: SendingState = 'idle'
  private readonly alarm = new Alarm()
  private measuredAt = -Infinity
  private failures = 0

  private readonly uploader: Uploader
  private readonly onState: () => void

  constructor(uploader: Uploader, onState: () => void) {
    this.uploader = uploader
    this.onState = onState
  }

  wake(): void {
    this.alarm.wake()
  }

  /** Runs for as long as the worker does. */
  async run(attemptId: string): Promise<never> {
    for (;;) {
      await withLock(`invigil-recording/${attemptId}`, () => this.sendUntilLoginIsLost())
      await this.alarm.wait(GATHER_MS) // a tab whose login still works takes over meanwhile
    }
  }

  private async sendUntilLoginIsLost(): Promise<void> {
    for (;;) {
      try {
        await this.uploaderRound()
      } catch (fault) {
        if (fault instanceof LoginLost) return this.tell('login_lost')
        // Anything unforeseen is treated as "not now": what waits here stays here.
        await this.rest(fault instanceof Unreachable)
      }
    }
  }

  private async uploaderRound(): Promise<void> {
    if (performance.now() - this.measuredAt > MEASURE_EVERY_MS) {
      this.measuredAt = performance.now()
      void this.uploader.measure()
    }
    const sent = await this.uploader.round()
    this.failures = 0
    this.tell(sent === 'nothing' ? 'idle' : 'sending')
    if (sent !== 'full') await this.alarm.wait(GATHER_MS)
  }

  private async rest(isForeseen: boolean): Promise<void> {
    this.failures += 1
    this.measuredAt = -Infinity
    if (this.failures > 1 || !isForeseen) this.tell('offline')
    await this.alarm.wait(retryAfterMs(this.failures, Math.random()))
  }

  private tell(state: SendingState): void {
    const isNew = state !== this.state
    this.state = state
    if (isNew) this.onState()
  }
}

async function withLock(name: string, act: () => Promise<void>): Promise<void> {
  if (!('locks' in navigator)) return act()
  await navigator.locks.request(name, act)
}
