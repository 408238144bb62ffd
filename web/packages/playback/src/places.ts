/** Where an instant lies in a track, and what must be loaded to show it. Pure. */
import { endOfTake, type PlayedSegment, type PlayedTake, type PlayedTrack } from './model.ts'

/** What is loaded before the shown instant is reached, at normal speed. */
export const AHEAD_MS = 10_000
/** What stays behind the shown instant, for a short look back. */
export const BEHIND_MS = 40_000

export interface Place {
  take: PlayedTake
  segment: PlayedSegment
}

/** Return the take that shows this instant: the newest that has begun and not ended; undefined in a gap. */
export function findTake(track: PlayedTrack, atMs: number): PlayedTake | undefined {
  return track.takes.findLast((take) => take.origin_ms <= atMs && atMs < endOfTake(take) && take.segments.length > 1)
}

/** Return the segment of the take that shows this instant: the last that begins at or before it (never the header). */
export function findSegment(take: PlayedTake, atMs: number): PlayedSegment | undefined {
  const inside = atMs - take.origin_ms
  return take.segments.findLast((segment) => segment.seq > 0 && segment.p0_ms <= inside) ?? take.segments.find((segment) => segment.seq > 0)
}

/** Return the next instant from `atMs` on at which the track shows something; undefined when nothing comes any more. */
export function findNextShown(track: PlayedTrack, atMs: number): number | undefined {
  if (findTake(track, atMs)) return atMs
  const starts = track.takes.filter((take) => take.segments.length > 1).map((take) => take.origin_ms)
  return starts.filter((start) => start > atMs).sort((one, other) => one - other)[0]
}

/** Return in order what must be there to go on from `atMs`: headers are not listed, they come with their take. */
export function listWanted(track: PlayedTrack, atMs: number, aheadMs: number): Place[] {
  const wanted: Place[] = []
  for (const take of track.takes) {
    if (endOfTake(take) <= atMs || take.origin_ms > atMs + aheadMs) continue
    const first = findSegment(take, atMs)
    for (const segment of take.segments) {
      const isNeeded = first !== undefined && segment.seq >= first.seq && take.origin_ms + segment.p0_ms < atMs + aheadMs
      if (segment.seq > 0 && isNeeded) wanted.push({ take, segment })
    }
  }
  return wanted
}

/** Return the name under which a loaded segment is remembered. */
export function nameOfPlace(place: Place): string {
  return `${place.take.take_id}/${place.segment.seq}`
}
