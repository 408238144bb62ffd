import type { SeatState, SeatView } from '@invigil/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { GRIDS, arrange, countStates, moveFocus, takePage, toneOf, type Wanted } from '../src/pages/watch/wall.ts'

function seatOf(number: number, more: Partial<SeatView> = {}): SeatView {
  return {
    seat_number: number,
    candidate_id: `cand_${number}`,
    name: `考生${number}`,
    ticket_number: `26C${String(number).padStart(5, '0')}`,
    attempt_id: `att_${number}`,
    state: 'in_exam',
    entered_at: null,
    ended_at: null,
    deadline: null,
    is_locked: false,
    tracks: {},
    stopped_tracks: [],
    devices: {},
    risk: 0,
    signals: {},
    latest_signal: null,
    hand_raised_at: null,
    call_id: null,
    unread_chat: 0,
    waiting_since: null,
    claims: [],
    last_command: null,
    note_count: 0,
    current_item: '',
    answered: null,
    item_count: 100,
    ...more,
  }
}

const everything: Wanted = { states: new Set(), onlyUrgent: false, text: '', order: 'risk', pinned: new Set() }
const numbers = (seats: readonly SeatView[]) => seats.map((seat) => seat.seat_number)

describe('how urgent a seat is', () => {
  it.each([
    [{}, 'quiet'],
    [{ signals: { high: 1 } }, 'red'],
    [{ state: 'offline' }, 'red'],
    [{ stopped_tracks: ['phone'] }, 'red'],
    [{ stopped_tracks: ['phone'], state: 'waiting' }, 'quiet'],
    [{ signals: { medium: 1 } }, 'amber'],
    [{ waiting_since: '2026-11-28T01:00:00Z' }, 'amber'],
    [{ signals: { low: 9 } }, 'quiet'],
    [{ state: 'handed_in', signals: { high: 1 } }, 'over'],
    [{ state: 'absent' }, 'over'],
  ] as const)('%o is %s', (more, tone) => {
    expect(toneOf(seatOf(1, more as Partial<SeatView>))).toBe(tone)
  })
})

describe('the order of the wall', () => {
  const seats = [seatOf(1), seatOf(2, { risk: 5, signals: { medium: 1 } }), seatOf(3, { signals: { high: 1 }, risk: 10 }), seatOf(4, { state: 'handed_in' })]

  it('puts what needs somebody first, and pinned seats before everything', () => {
    expect(numbers(arrange(seats, everything))).toEqual([3, 2, 1, 4])
    expect(numbers(arrange(seats, { ...everything, pinned: new Set([4]) }))).toEqual([4, 3, 2, 1])
    expect(numbers(arrange(seats, { ...everything, order: 'seat' }))).toEqual([1, 2, 3, 4])
  })

  it('filters by state, urgency and text; a pinned seat is always shown', () => {
    expect(numbers(arrange(seats, { ...everything, states: new Set<SeatState>(['handed_in']) }))).toEqual([4])
    expect(numbers(arrange(seats, { ...everything, onlyUrgent: true }))).toEqual([3, 2])
    expect(numbers(arrange(seats, { ...everything, text: '考生2' }))).toEqual([2])
    expect(numbers(arrange(seats, { ...everything, text: '4' }))).toEqual([4])
    expect(numbers(arrange(seats, { ...everything, text: '考生2', pinned: new Set([1]) }))).toEqual([1, 2])
  })

  it('counts every state', () => {
    expect([...countStates(seats)]).toEqual([
      ['in_exam', 3],
      ['handed_in', 1],
    ])
  })
})

describe('the pages of the wall', () => {
  it('turn what is not pinned', () => {
    const seats = Array.from({ length: 10 }, (_, index) => seatOf(index + 1))
    const pinned = new Set([1])
    const arranged = arrange(seats, { ...everything, order: 'seat', pinned })
    expect(numbers(takePage(arranged, pinned, 4, 0).seats)).toEqual([1, 2, 3, 4])
    expect(numbers(takePage(arranged, pinned, 4, 2).seats)).toEqual([1, 8, 9, 10])
    expect(takePage(arranged, pinned, 4, 9)).toMatchObject({ page: 2, pages: 3 })
  })

  it('show everybody exactly once, pinned ones on every page', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 3 }), fc.constantFrom(...GRIDS), (count, pins, grid) => {
        const seats = Array.from({ length: count }, (_, index) => seatOf(index + 1))
        const pinned = new Set(pins)
        const arranged = arrange(seats, { ...everything, pinned })
        const { pages } = takePage(arranged, pinned, grid, 0)
        const shown = Array.from({ length: pages }, (_, page) => takePage(arranged, pinned, grid, page).seats)
        for (const page of shown) expect(page.length).toBeLessThanOrEqual(grid)
        const turning = shown.flat().filter((seat) => !pinned.has(seat.seat_number))
        expect(numbers(turning).sort((a, b) => a - b)).toEqual(numbers(seats.filter((seat) => !pinned.has(seat.seat_number))))
      }),
    )
  })
})

describe('moving by arrow keys', () => {
  const seats = Array.from({ length: 9 }, (_, index) => seatOf(index + 1))
  it.each([
    [5, 'ArrowLeft', 4],
    [5, 'ArrowRight', 6],
    [5, 'ArrowUp', 2],
    [5, 'ArrowDown', 8],
    [1, 'ArrowLeft', 1],
    [9, 'ArrowDown', 9],
    [5, 'Enter', 5],
  ])('from %i %s leads to %i', (from, key, to) => {
    expect(moveFocus(seats, from, key, 3)).toBe(to)
  })
})
