/** Which room a patrol looks at first, and why. Pure. */
import type { RoomGlance } from '@invigil/protocol'

/** Why a room needs somebody, the gravest first. */
export const NEEDS = ['climbed', 'silent', 'unwatched', 'stopped', 'high', 'waiting', 'medium'] as const
export type Need = (typeof NEEDS)[number]

const WATCHED = ['waiting', 'in_exam', 'offline', 'paused'] as const

/** Return how many candidates of the room are somewhere between entering and the end. */
export function countWatched(room: RoomGlance): number {
  return WATCHED.reduce((sum, state) => sum + (room.counts[state] ?? 0), 0)
}

/** Return everything that asks for attention in a room, the gravest first. */
export function needsOfRoom(room: RoomGlance): Need[] {
  const is: Record<Need, boolean> = {
    climbed: room.waiting.some((one) => one.is_climbed),
    silent: room.is_silent,
    // An empty room needs nobody yet.
    unwatched: countWatched(room) > 0 && !room.proctors.some((one) => one.is_on_duty),
    stopped: room.stopped_tracks > 0,
    high: (room.signals.high ?? 0) > 0,
    waiting: room.waiting.length > 0,
    medium: (room.signals.medium ?? 0) > 0,
  }
  return NEEDS.filter((need) => is[need])
}

/** More rooms than a person looks through at once; the most urgent are on the first page. */
export const ROOMS_PER_PAGE = 50

/** Return how many rooms have each need. */
export function countNeeds(rooms: readonly RoomGlance[]): Record<Need, number> {
  const counted = Object.fromEntries(NEEDS.map((need) => [need, 0])) as Record<Need, number>
  for (const room of rooms) for (const need of needsOfRoom(room)) counted[need] += 1
  return counted
}

const rankOf = (room: RoomGlance): number => {
  const gravest = needsOfRoom(room)[0]
  return gravest === undefined ? NEEDS.length : NEEDS.indexOf(gravest)
}

/** Return when the longest waiting candidate of the room called; infinity when nobody waits. */
function waitsSince(room: RoomGlance): number {
  return Math.min(Infinity, ...room.waiting.map((one) => Date.parse(one.since)))
}

/** Return the rooms, the one to enter first at the head: by the gravest need, the longest wait, risk, number. */
export function sortRooms(rooms: readonly RoomGlance[]): RoomGlance[] {
  return [...rooms].sort((one, other) => rankOf(one) - rankOf(other) || compareWaits(one, other) || other.risk - one.risk || one.number - other.number)
}

function compareWaits(one: RoomGlance, other: RoomGlance): number {
  const [a, b] = [waitsSince(one), waitsSince(other)]
  return a === b ? 0 : a - b
}

/** Return how urgently the room must be entered. */
export function toneOfRoom(room: RoomGlance): 'red' | 'amber' | 'quiet' {
  const rank = rankOf(room)
  if (rank <= NEEDS.indexOf('high')) return 'red'
  return rank < NEEDS.length ? 'amber' : 'quiet'
}

export interface SittingFigures {
  seated: number
  watched: number
  ended: number
  waiting: number
  urgent: number
  unwatched: number
}

/** Return the figures of the whole sitting. */
export function sumRooms(rooms: readonly RoomGlance[]): SittingFigures {
  const figures: SittingFigures = { seated: 0, watched: 0, ended: 0, waiting: 0, urgent: 0, unwatched: 0 }
  for (const room of rooms) {
    figures.seated += room.seated
    figures.watched += countWatched(room)
    figures.ended += (room.counts.handed_in ?? 0) + (room.counts.terminated ?? 0)
    figures.waiting += room.waiting.length
    if (toneOfRoom(room) === 'red') figures.urgent += 1
    if (needsOfRoom(room).includes('unwatched')) figures.unwatched += 1
  }
  return figures
}
