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

/** One run of a recorder. origin_ms: the instant of presentation time 0 on the server's clock. Segments in order of seq. */
export interface PlayedTake {
  take_id: string
  mime: string
  origin_ms: number
  segments: readonly PlayedSegment[]
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
  const last = take.segments.at(-1)
  return take.origin_ms + (last?.p1_ms ?? 0)
}
