/** Where an instant lies in a track, and what must be loaded to show it. Pure. */
import { endOfTake, type PlayedTake, type PlayedTrack } from './model.ts'

/** What is loaded before the shown instant is reached, at normal speed. */
export const AHEAD_MS = 10_000
/** What stays behind the shown instant, for a short look back. */
export const BEHIND_MS = 40_000

/** A segment with pictures, by its number in its take. */
export interface Place {
  take: PlayedTake
  seq: number
}

/** Return the take that shows this instant: the newest that has begun and not ended; undefined in a gap. */
export function findTake(track: PlayedTrack, atMs: number): PlayedTake | undefined {
  return track.takes.findLast((take) => take.origin_ms <= atMs && atMs < endOfTake(take) && take.starts_ms.length > 0)
}

/** Return the seq of the segment of the take that shows this instant: the last that begins at or before it, never the header. */
export function findSegment(take: PlayedTake, atMs: number): number {
  const inside = atMs - take.origin_ms
  let [low, high] = [0, take.starts_ms.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((take.starts_ms[middle] ?? 0) <= inside) low = middle + 1
    else high = middle
  }
  return Math.max(1, low)
}

/** Return when a place begins and ends on the server's clock. */
export function spanOfPlace({ take, seq }: Place): { from_ms: number; to_ms: number } {
  const begin = take.starts_ms[seq - 1] ?? 0
  return { from_ms: take.origin_ms + begin, to_ms: take.origin_ms + (take.starts_ms[seq] ?? take.ends_ms) }
}

/** Return the next instant from `atMs` on at which the track shows something; undefined when nothing comes any more. */
export function findNextShown(track: PlayedTrack, atMs: number): number | undefined {
  if (findTake(track, atMs)) return atMs
  const starts = track.takes.filter((take) => take.starts_ms.length > 0).map((take) => take.origin_ms)
  return starts.filter((start) => start > atMs).sort((one, other) => one - other)[0]
}

/** Return in order what must be there to go on from `atMs`: headers are not listed, they come with their take. */
export function listWanted(track: PlayedTrack, atMs: number, aheadMs: number): Place[] {
  const wanted: Place[] = []
  for (const take of track.takes) {
    if (endOfTake(take) <= atMs || take.origin_ms > atMs + aheadMs) continue
    for (let seq = findSegment(take, atMs); seq <= take.starts_ms.length; seq += 1) {
      if (spanOfPlace({ take, seq }).from_ms >= atMs + aheadMs) break
      wanted.push({ take, seq })
    }
  }
  return wanted
}

/** Return the name under which a loaded segment is remembered. */
export function nameOfPlace(place: Place): string {
  return `${place.take.take_id}/${place.seq}`
}
