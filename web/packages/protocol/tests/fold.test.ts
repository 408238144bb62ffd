import { expect, test } from 'vitest'

import { follow, fold, readStaffMessage, readStill, writeStill, type BoardState, type PanelState, type RoomState, type SeatView } from '../src/index.ts'

const seat = (seat_number: number, more: Partial<SeatView> = {}): SeatView => ({
  seat_number, candidate_id: `cand_${seat_number}`, name: '张三', ticket_number: 't', attempt_id: null, state: 'not_started', entered_at: null,
  ended_at: null, deadline: null, is_locked: false, tracks: {}, stopped_tracks: [], devices: {}, risk: 0, signals: {}, latest_signal: null,
  hand_raised_at: null, call_id: null, unread_chat: 0, waiting_since: null, claims: [], last_command: null, note_count: 0, current_item: '',
  answered: null, item_count: 0, ...more,
})
const sitting = { id: 's', exam_id: 'e', title: '', state: 'open', starts_at: '', ends_at: '', late_entry_until: '', last_deadline: '', tracks_required: [], allows_extra_time: false, calls_climb_after_s: 60 }
const room: RoomState = { kind: 'room', room_id: 'room_1', number: 1, subject_code: 'A', sitting, proctors: [], seats: [seat(1), seat(3)] }

test('a seat replaces the one of its number or takes its place among the others', () => {
  const folded = fold(fold(room, { kind: 'seat', seat: seat(3, { state: 'in_exam' }) }), { kind: 'seat', seat: seat(2) }) as RoomState
  expect(folded.seats.map((one) => [one.seat_number, one.state])).toEqual([[1, 'not_started'], [2, 'not_started'], [3, 'in_exam']])
})

test('versions: the next one is put on top, an old one is passed over, a hole asks for another watch', () => {
  const at5 = follow(null, { type: 'snapshot', topic: 'room/room_1', version: 5, state: room })
  const event = { type: 'event', topic: 'room/room_1', event: { kind: 'seat', seat: seat(1, { risk: 4 }) } } as const
  expect(follow(at5, { ...event, version: 5 })).toBe(at5)
  expect((follow(at5, { ...event, version: 6 })?.state as RoomState).seats[0]?.risk).toBe(4)
  expect(follow(at5, { ...event, version: 7 })).toBeNull()
  expect(follow(null, { ...event, version: 6 })).toBeNull()
})

test('lines stand by time whether or not a fraction is written', () => {
  const panel: PanelState = { kind: 'panel', attempt_id: 'a', room_id: 'r', sitting_id: 's', subject_code: 'A', seat: seat(1), signals: [], commands: [], chat: [], notes: [], steps: [] }
  const line = (id: string, at: string) => ({ kind: 'chat', line: { id, sender: 'staff', sender_name: '', text: '', at, is_read: false } }) as const
  const folded = [line('b', '2026-11-01T09:00:00.5Z'), line('a', '2026-11-01T09:00:00Z'), line('c', '2026-11-01T09:00:00.050000Z')].reduce<BoardState>((state, event) => fold(state, event), panel) as PanelState
  expect(folded.chat.map((one) => one.id)).toEqual(['a', 'c', 'b'])
})

test('a still survives the way up; what comes down is read, anything else is not', () => {
  const up = writeStill('camera', 1_790_000_000_000, new Uint8Array([0xff, 0xd8, 1, 2]))
  expect([...up.slice(0, 2)]).toEqual([1, 1])
  const down = new Uint8Array([1, 2, 0, 17, ...up.slice(2)])
  expect(readStill(down.buffer)).toMatchObject({ track: 'phone', seatNumber: 17, atMs: 1_790_000_000_000 })
  expect([...(readStill(down.buffer)?.jpeg ?? [])]).toEqual([0xff, 0xd8, 1, 2])
  for (const bad of [[2, 0, 0, 1], [1, 7, 0, 1]]) expect(readStill(new Uint8Array([...bad, ...up.slice(2)]).buffer)).toBeNull()
  expect(readStill(new ArrayBuffer(12))).toBeNull()
})

test.each(['', '[]', '{"type":"hello"}', '{'])('the staff page passes over %j', (frame) => {
  expect(readStaffMessage(frame)).toBeNull()
})
