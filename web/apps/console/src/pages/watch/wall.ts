/** What stands on the wall: which seats, in which order, on which page, and how a tile looks. Pure. */
import type { SeatState, SeatView } from '@invigil/protocol'

export const GRIDS = [4, 9, 16, 25] as const
export type Grid = (typeof GRIDS)[number]
export type Order = 'risk' | 'seat' | 'name'
/** red: somebody must look now. amber: soon. quiet: nothing open. over: ended, nothing to watch. */
export type Tone = 'red' | 'amber' | 'quiet' | 'over'

const OVER: ReadonlySet<SeatState> = new Set(['handed_in', 'absent', 'terminated'])
const COLLATOR = new Intl.Collator('zh-CN')

/** Return how urgently a seat must be looked at. */
export function toneOf(seat: SeatView): Tone {
  if (OVER.has(seat.state)) return 'over'
  const isAlarming = (seat.signals.high ?? 0) > 0 || seat.state === 'offline' || (seat.stopped_tracks.length > 0 && seat.state === 'in_exam')
  if (isAlarming) return 'red'
  return (seat.signals.medium ?? 0) > 0 || seat.waiting_since !== null ? 'amber' : 'quiet'
}

/** Return how many seats there are of each state. */
export function countStates(seats: readonly SeatView[]): Map<SeatState, number> {
  const counts = new Map<SeatState, number>()
  for (const seat of seats) counts.set(seat.state, (counts.get(seat.state) ?? 0) + 1)
  return counts
}

export interface Wanted {
  /** Empty: every state. */
  states: ReadonlySet<SeatState>
  /** Only seats that need somebody. */
  onlyUrgent: boolean
  text: string
  order: Order
  /** Seats that stand first whatever the order, and stay there while pages turn. */
  pinned: ReadonlySet<number>
}

/** Return the seats in the order of the wall: pinned ones first. */
export function arrange(seats: readonly SeatView[], wanted: Wanted): SeatView[] {
  const shown = seats.filter((seat) => wanted.pinned.has(seat.seat_number) || isShown(seat, wanted))
  return shown.sort((one, other) => rankPin(one, wanted) - rankPin(other, wanted) || compare(one, other, wanted.order) || one.seat_number - other.seat_number)
}

function isShown(seat: SeatView, wanted: Wanted): boolean {
  const tone = toneOf(seat)
  const text = wanted.text.trim()
  return (
    (wanted.states.size === 0 || wanted.states.has(seat.state)) &&
    (!wanted.onlyUrgent || tone === 'red' || tone === 'amber') &&
    (text === '' || isFound(seat, text))
  )
}

/** One or two digits are a seat: nearly every ticket number holds them. */
const SEAT_NUMBER = /^\d{1,2}$/

function isFound(seat: SeatView, text: string): boolean {
  return SEAT_NUMBER.test(text) ? seat.seat_number === Number(text) : seat.name.includes(text) || seat.ticket_number.includes(text)
}

const rankPin = (seat: SeatView, wanted: Wanted): number => (wanted.pinned.has(seat.seat_number) ? 0 : 1)

const TONE_RANK: Record<Tone, number> = { red: 0, amber: 1, quiet: 2, over: 3 }

function compare(one: SeatView, other: SeatView, order: Order): number {
  if (order === 'name') return COLLATOR.compare(one.name, other.name)
  if (order === 'seat') return 0
  return TONE_RANK[toneOf(one)] - TONE_RANK[toneOf(other)] || other.risk - one.risk
}

export interface WallPage {
  seats: SeatView[]
  /** From 0; the last page when fewer seats are left than before. */
  page: number
  pages: number
}

/** Return one page of the wall. Pinned seats stand on every page, the others turn in what is left. */
export function takePage(arranged: readonly SeatView[], pinned: ReadonlySet<number>, grid: Grid, page: number): WallPage {
  const fixed = arranged.filter((seat) => pinned.has(seat.seat_number)).slice(0, grid)
  const turning = arranged.filter((seat) => !pinned.has(seat.seat_number))
  const room = grid - fixed.length
  const pages = room > 0 ? Math.max(1, Math.ceil(turning.length / room)) : 1
  const shown = Math.min(page, pages - 1)
  return { seats: [...fixed, ...turning.slice(shown * room, (shown + 1) * room)], page: shown, pages }
}

/** Return the seat that an arrow key leads to; the same where there is none. columns: of the grid. */
export function moveFocus(seats: readonly SeatView[], from: number, key: string, columns: number): number {
  const at = seats.findIndex((seat) => seat.seat_number === from)
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key]
  if (step === undefined) return from
  return seats[at + step]?.seat_number ?? from
}
