/** What a recorded sitting is made of, as the review interface sends it. Instants and lengths are milliseconds. */

export type TrackName = 'screen' | 'camera' | 'phone'

/** A piece of a take. seq 0 is the container's header, every later one starts on a key frame. p0_ms, p1_ms: within the take. */
export interface PlayedSegment {
  seq: number
  p0_ms: number
  p1_ms: number
  at_ms: number
  bytes: number
  sha256: string
  previous: string
  url: string
}

/**
 * One run of a recorder. origin_ms: the instant of presentation time 0 on the server's clock.
 * starts_ms: where within the take each segment from seq 1 on begins, in order. ends_ms: where the last one ends.
 */
export interface PlayedTake {
  take_id: string
  mime: string
  origin_ms: number
  starts_ms: readonly number[]
  ends_ms: number
}

/** A stretch of time without recording, and why. */
export interface PlayedGap {
  from_ms: number
  to_ms: number
  cause: string
}

/** A track of a sitting. Takes in order of origin; they do not overlap by more than a segment. */
export interface PlayedTrack {
  track: TrackName
  takes: readonly PlayedTake[]
  gaps: readonly PlayedGap[]
}

/** The end of what a take can show, on the server's clock. */
export function endOfTake(take: PlayedTake): number {
  return take.origin_ms + take.ends_ms
}
