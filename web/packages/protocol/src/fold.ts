/** A board in a page: a snapshot, and events put on top of it. The same as `invigil.watch.board.protocol.folding`. */
import type { BoardEvent, BoardState, PanelState, PatrolState, RoomState, StaffServerMessage, StepView } from './generated.ts'

/** The log on a panel is a tail. */
const SHOWN_STEPS = 100

/** One followed topic. */
export interface Followed<S extends BoardState = BoardState> {
  version: number
  state: S
}

/**
 * Return the topic after a message about it; null: there is a hole, or nothing to put the event on — watch again.
 * known: null before the first snapshot.
 */
export function follow(known: Followed | null, message: Extract<StaffServerMessage, { type: 'snapshot' | 'event' }>): Followed | null {
  if (message.type === 'snapshot') return { version: message.version, state: message.state }
  if (known === null) return null
  if (message.version <= known.version) return known // sent again after a reconnect
  return message.version === known.version + 1 ? { version: message.version, state: fold(known.state, message.event) } : null
}

/** Return the state after the event; an event of another kind of topic changes nothing. */
export function fold(state: BoardState, event: BoardEvent): BoardState {
  if (state.kind === 'room') return foldRoom(state, event)
  return state.kind === 'patrol' ? foldPatrol(state, event) : foldPanel(state, event)
}

function foldRoom(state: RoomState, event: BoardEvent): RoomState {
  switch (event.kind) {
    case 'seat':
      return { ...state, seats: put(state.seats, event.seat, (one) => [one.seat_number]) }
    case 'proctors':
      return { ...state, proctors: event.proctors }
    case 'sitting':
      return { ...state, sitting: event.sitting }
    default:
      return state
  }
}

function foldPatrol(state: PatrolState, event: BoardEvent): PatrolState {
  if (event.kind === 'sitting') return { ...state, sitting: event.sitting }
  return event.kind === 'room_glance' ? { ...state, rooms: put(state.rooms, event.room, (one) => [one.number]) } : state
}

function foldPanel(state: PanelState, event: BoardEvent): PanelState {
  switch (event.kind) {
    case 'panel_seat':
      return { ...state, seat: event.seat }
    case 'signal':
      return { ...state, signals: put(state.signals, event.signal, byTime) }
    case 'command':
      return { ...state, commands: put(state.commands, event.command, byTime) }
    case 'chat':
      return { ...state, chat: put(state.chat, event.line, byTime) }
    case 'note':
      return { ...state, notes: put(state.notes, event.note, byTime) }
    case 'step':
      return { ...state, steps: put(state.steps, event.step, orderOfStep).slice(-SHOWN_STEPS) }
    default:
      return state
  }
}

type Place = readonly (string | number)[]

const byTime = (one: { at: string; id: string }): Place => [instant(one.at), one.id]
const orderOfStep = (step: StepView): Place => [instant(step.at_client), step.device, step.n]

/** Return an ISO instant as text that sorts by time: fractions are written with and without zeros. */
function instant(at: string): string {
  const [whole = '', fraction = ''] = at.replace(/Z$|\+00:00$/, '').split('.')
  return `${whole}.${fraction.padEnd(6, '0')}`
}

/** Return the list with the item in its place; it replaces the one whose place it has. */
function put<T>(known: readonly T[], one: T, placeOf: (item: T) => Place): T[] {
  const place = placeOf(one)
  const result = known.filter((other) => compare(placeOf(other), place) !== 0)
  const at = result.findIndex((other) => compare(placeOf(other), place) > 0)
  result.splice(at < 0 ? result.length : at, 0, one)
  return result
}

function compare(left: Place, right: Place): number {
  for (const [at, one] of left.entries()) {
    const other = right[at]
    if (other === undefined || one === other) continue
    return one < other ? -1 : 1
  }
  return 0
}
