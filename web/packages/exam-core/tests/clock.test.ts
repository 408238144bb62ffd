import { describe, expect, it } from 'vitest'

import { formatClock, formatRemaining, learnClock, left, noLeavings, phaseOf, remainingMs, returned, serverTimeAt, toleratedLeft } from '../src/index.ts'

describe('server clock', () => {
  const good = learnClock(null, { askedAt: 0, answeredAt: 20, serverTime: 1_000_010 })

  it('takes the middle of the round trip', () => expect(serverTimeAt(good, 20)).toBe(1_000_020))

  it('trusts the shorter round trip, until it is old', () => {
    expect(learnClock(good, { askedAt: 100, answeredAt: 500, serverTime: 1_000_310 })).toBe(good)
    expect(learnClock(good, { askedAt: 9_000_000, answeredAt: 9_000_400, serverTime: 10_000_210 })).not.toBe(good)
  })

  it('follows a server whose own clock was set', () => {
    const set = learnClock(good, { askedAt: 100, answeredAt: 500, serverTime: 4_600_300 })
    expect(serverTimeAt(set, 500)).toBe(4_600_500)
  })
})

describe('time left', () => {
  it('is never negative', () => expect(remainingMs(5, 9)).toBe(0))

  it.each([
    [900_001, 'calm'], [900_000, 'last_15'], [300_001, 'last_15'], [300_000, 'last_5'],
    [60_001, 'last_5'], [60_000, 'last_1'], [1, 'last_1'], [0, 'over'],
  ])('%i ms is %s', (ms, phase) => expect(phaseOf(ms)).toBe(phase))

  it.each([[5_400_000, '1:30:00'], [5_399_001, '1:30:00'], [59_999, '01:00'], [1, '00:01'], [0, '00:00']])('%i ms reads %s', (ms, text) =>
    expect(formatRemaining(ms)).toBe(text))

  it('writes Beijing time', () => expect(formatClock(Date.parse('2025-11-22T02:32:07Z'))).toBe('10:32:07'))
})

describe('leaving the screen', () => {
  it('counts one act once, though it fires several events', () => {
    const away = left(left(noLeavings, 0), 10)
    const back = returned(away, 3_000)
    expect(left(back, 3_500).count).toBe(1)
    expect(left(back, 9_000).count).toBe(2)
    expect(returned(back, 4_000)).toBe(back)
  })

  it('tells what is still tolerated', () => {
    expect(toleratedLeft({ ...noLeavings, count: 2 }, 3)).toBe(1)
    expect(toleratedLeft({ ...noLeavings, count: 5 }, 3)).toBe(0)
    expect(toleratedLeft(noLeavings, null)).toBeNull()
  })
})
