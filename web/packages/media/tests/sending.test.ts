import { afterEach, describe, expect, it, vi } from 'vitest'

import { LoginLost, Unreachable } from '../src/sending/faults.ts'
import type { Sent, Uploader } from '../src/sending/uploader.ts'
import { Sending } from '../src/worker/sending.ts'

/** The lock of a browser: one holder per name, the others in a queue. */
function stubLocks(): void {
  const tails = new Map<string, Promise<unknown>>()
  const request = (name: string, act: () => Promise<void>): Promise<void> => {
    const turn = (tails.get(name) ?? Promise.resolve()).then(act)
    tails.set(name, turn.catch(() => undefined))
    return turn
  }
  vi.stubGlobal('navigator', { locks: { request } })
}

/** A tab whose uploader answers as the script says, and counts. */
function openTab(script: () => Sent): { rounds: number; sending: Sending; states: string[] } {
  const tab = { rounds: 0, states: [] as string[], sending: null as unknown as Sending }
  const uploader = {
    round: () => {
      tab.rounds += 1
      return Promise.resolve().then(script)
    },
    measure: () => Promise.resolve(),
  } as unknown as Uploader
  tab.sending = new Sending(uploader, () => tab.states.push(tab.sending.state))
  void tab.sending.run('att_1')
  return tab
}

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('one uploader over all tabs', () => {
  it('lets only the first tab send, and the second take over when the first has lost its login', async () => {
    vi.useFakeTimers()
    stubLocks()
    let isKnown = true
    const first = openTab(() => {
      if (!isKnown) throw new LoginLost('ticket')
      return 'some'
    })
    const second = openTab(() => 'nothing')
    await vi.advanceTimersByTimeAsync(20_000)
    expect(first.rounds).toBeGreaterThan(2)
    expect(second.rounds).toBe(0)
    isKnown = false
    await vi.advanceTimersByTimeAsync(20_000)
    expect(first.sending.state).toBe('login_lost')
    expect(second.rounds).toBeGreaterThan(0)
  })

  it('backs off while nothing answers, never beyond eight seconds, and goes on at once when woken', async () => {
    vi.useFakeTimers()
    stubLocks()
    let isAway = true
    const tab = openTab(() => {
      if (isAway) throw new Unreachable('away')
      return 'nothing'
    })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(tab.sending.state).toBe('offline')
    const before = tab.rounds
    await vi.advanceTimersByTimeAsync(80_000)
    expect(tab.rounds - before).toBeGreaterThanOrEqual(10)
    expect(tab.rounds - before).toBeLessThanOrEqual(21)
    isAway = false
    tab.sending.wake()
    await vi.advanceTimersByTimeAsync(1)
    expect(tab.sending.state).toBe('idle')
  })
})
