/** The words of recording as they go over the wire. Source: S3.3, S3.14 */

export type Track = 'screen' | 'camera' | 'phone'
export const TRACKS: readonly Track[] = ['screen', 'camera', 'phone']

/** Why a track stands still or a take ended; the server knows the same list. */
export type Cause =
  | 'not_granted'
  | 'ended_by_user'
  | 'device_lost'
  | 'muted'
  | 'page_hidden'
  | 'reload'
  | 'page_closed'
  | 'killed'
  | 'offline_over_quota'
  | 'quota'
  | 'encoder_failed'
  | 'paused_by_rule'
  | 'finished'
  | 'replaced'
  | 'not_started'
  | 'upload_pending'

/** One run of one MediaRecorder of one track, as it is registered with the server. */
export interface TakeBody {
  take_id: string
  track: Track
  mime: string
  /** base64url: the take's key for the server's eyes only. */
  wrapped_key: string
  /** ISO 8601, the server's clock. */
  started_at: string
  width: number
  height: number
  frame_rate: number
  video_kbps: number
  audio_kbps: number
  label: string
  is_test: boolean
}

/**
 * One segment of a take: seq 0 is the container's header, every later one stands for itself and starts on a key frame.
 * p0_ms, p1_ms: presentation time inside the take. at_ms: when p1 arrived, milliseconds since 1970 on the server's clock.
 */
export interface SegmentBody {
  take_id: string
  seq: number
  /** Lower-case hex SHA-256 of the ciphertext. */
  sha256: string
  /** The same of the segment before; 64 zeros for seq 0. */
  previous: string
  bytes: number
  p0_ms: number
  p1_ms: number
  at_ms: number
}

export interface EndBody {
  take_id: string
  /** -1 when the take never stored anything. */
  last_seq: number
  cause: Cause
  ended_at_ms: number
}

/** An interval of a track without segments. */
export interface GapBody {
  track: Track
  from_ms: number
  to_ms: number
  cause: Cause
}

export interface CommitBody {
  segments: SegmentBody[]
  ends: EndBody[]
  gaps: GapBody[]
}

export type SegmentVerdict = 'kept' | 'missing' | 'conflict' | 'out_of_order' | 'unknown_take'

export interface CommitAnswer {
  segments: { take_id: string; seq: number; state: SegmentVerdict; expected_seq?: number | null }[]
  stored_until_ms?: Partial<Record<Track, number>>
}

export interface AccessPoint {
  name: string
  url: string
}

export interface Target {
  take_id: string
  seq: number
  /** By the name of the access point. */
  urls: Record<string, string>
  method?: string
  headers?: Record<string, string>
}

export interface TargetsAnswer {
  access_points: AccessPoint[]
  targets: Target[]
}

/** How one track is recorded. kbps: what the encoder is asked for. */
export interface Picture {
  width: number
  height: number
  fps: number
  kbps: number
}

export const NOTHING_BEFORE = '0'.repeat(64)
