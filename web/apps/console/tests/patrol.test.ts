import type { RoomGlance } from '@invigil/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { countNeeds, needsOfRoom, sortRooms, sumRooms, toneOfRoom } from '../src/pages/watch/patrol.ts'

const ON_DUTY = [{ staff_id: 'staff_1', name: '王监考', is_on_duty: true, is_present: true }]

function roomOf(number: number, more: Partial<RoomGlance> = {}): RoomGlance {
  return {
    room_id: `room_${number}`,
    number,
    subject_code: 'C1',
    seated: 30,
    counts: { in_exam: 30 },
    signals: {},
    risk: 0,
    is_silent: false,
    stopped_tracks: 0,
    proctors: ON_DUTY,
    waiting: [],
    ...more,
  }
}
const waits = (since: string, is_climbed = false) => ({ attempt_id: `att_${since}`, seat_number: 1, since, is_climbed })
const numbers = (rooms: readonly RoomGlance[]) => rooms.map((room) => room.number)

describe('the order of rooms', () => {
  it('goes from a call nobody answered to a calm room', () => {
    const rooms = [
      roomOf(1),
      roomOf(2, { signals: { medium: 1 } }),
      roomOf(3, { waiting: [waits('2025-11-22T01:00:00Z')] }),
      roomOf(4, { signals: { high: 1 } }),
      roomOf(5, { stopped_tracks: 2 }),
      roomOf(6, { proctors: [{ ...ON_DUTY[0]!, is_on_duty: false }] }),
      roomOf(7, { is_silent: true }),
      roomOf(8, { waiting: [waits('2025-11-22T01:00:00Z', true)] }),
    ]
    expect(numbers(sortRooms(rooms))).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
    expect(rooms.map(toneOfRoom)).toEqual(['quiet', 'amber', 'amber', 'red', 'red', 'red', 'red', 'red'])
  })

  it('puts the longest wait first, then the risk, then the number', () => {
    const rooms = [
      roomOf(1, { waiting: [waits('2025-11-22T01:05:00Z')] }),
      roomOf(2, { waiting: [waits('2025-11-22T01:09:00Z'), waits('2025-11-22T01:01:00Z')] }),
      roomOf(3, { risk: 1 }),
      roomOf(4, { risk: 5 }),
      roomOf(5, { risk: 1 }),
    ]
    expect(numbers(sortRooms(rooms))).toEqual([2, 1, 4, 3, 5])
  })

  it('loses no room and does not depend on the order in which they came', () => {
    const arbitrary = fc.uniqueArray(fc.record({ number: fc.integer({ min: 1, max: 60 }), silent: fc.boolean(), stopped: fc.integer({ min: 0, max: 2 }), risk: fc.integer({ min: 0, max: 3 }) }), { selector: (one) => one.number })
    fc.assert(
      fc.property(arbitrary, (given) => {
        const rooms = given.map((one) => roomOf(one.number, { is_silent: one.silent, stopped_tracks: one.stopped, risk: one.risk }))
        expect(numbers(sortRooms(rooms))).toEqual(numbers(sortRooms(rooms.toReversed())))
        expect(new Set(numbers(sortRooms(rooms)))).toEqual(new Set(numbers(rooms)))
      }),
    )
  })
})

describe('what a room needs', () => {
  it('is a proctor only once somebody sits in it', () => {
    expect(needsOfRoom(roomOf(1, { counts: { not_started: 30 }, proctors: [] }))).toEqual([])
    expect(needsOfRoom(roomOf(1, { counts: { waiting: 1 }, proctors: [] }))).toEqual(['unwatched'])
    expect(needsOfRoom(roomOf(1, { counts: { handed_in: 30 }, proctors: [] }))).toEqual([])
  })

  it('is counted over the sitting', () => {
    const rooms = [roomOf(1, { counts: { in_exam: 2, offline: 1, handed_in: 4, absent: 1 }, seated: 8 }), roomOf(2, { counts: { waiting: 3, terminated: 1 }, seated: 4, proctors: [], waiting: [waits('2025-11-22T01:05:00Z')] })]
    expect(sumRooms(rooms)).toEqual({ seated: 12, watched: 6, ended: 5, waiting: 1, urgent: 1, unwatched: 1 })
  })
})

describe('the needs of a sitting', () => {
  it('are counted over all rooms, each room once per need', () => {
    const rooms = [roomOf(1, { is_silent: true, stopped_tracks: 2 }), roomOf(2, { is_silent: true }), roomOf(3), roomOf(4, { proctors: [] })]
    expect(countNeeds(rooms)).toEqual({ climbed: 0, silent: 2, unwatched: 1, stopped: 1, high: 0, waiting: 0, medium: 0 })
  })
})
