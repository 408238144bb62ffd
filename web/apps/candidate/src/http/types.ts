/** What the server answers on /api/candidate and /api/sit. Times are ISO 8601 UTC. */
import type { AnswerSheet, SignedReceipt } from '@invigil/exam-core'
import type { TrackName } from '@invigil/protocol'

/** States of an attempt; "" at the door, before one exists. */
export type AttemptStateName = '' | 'open' | 'paused' | 'locked' | 'handed_in' | 'auto_handed_in' | 'terminated'

export interface Candidate {
  id: string
  name: string
  masked_identity_number: string
  ticket_number: string
  exam_title: string
  subject: string
}

export interface LoginAnswer {
  csrf: string
  candidate: Candidate
  must_change?: boolean
}

export interface SittingResult {
  points?: string
  total?: string
  passed?: boolean | null
}

/** A released result as GET /api/sit/results gives it; points are text, exact to one half. */
export interface OwnResult {
  sitting_id: string
  earned: string
  full: string
  is_passed: boolean
}

export interface SittingSummary {
  sitting_id: string
  title: string
  subject: string
  kind: 'real' | 'mock'
  starts_at: string
  ends_at: string
  late_entry_until: string | null
  duration_s: number
  state: string
  attempt_state: string | null
  can_enter: boolean
  /** Why not, in words, when can_enter is false. */
  reason: string | null
  reason_en: string | null
  result: SittingResult | null
}

export interface MockSlot {
  sitting_id: string
  starts_at: string
  free: number
  booked: boolean
}

/** The rules of the sitting that the page carries out or explains; what is absent does not apply. */
export interface SittingRules {
  duration_s?: number
  /** How often the screen may be left before staff are called; null or absent: no limit. */
  screen_left_warnings?: number | null
  calculator?: boolean
  review_allowed?: boolean
  late_entry_until?: string | null
  hand_in_allowed_from?: string | null
}

export interface ConsentText {
  version: string
  text: string
}

/** How a picture is recorded. kbps: what the encoder is asked for. */
export interface PictureTerms {
  width: number
  height: number
  fps: number
  kbps: number
}

export interface RecordingTerms {
  /** base64url, 32 bytes: keys of recordings are wrapped to it. */
  public_key: string
  rules: {
    tracks: TrackName[]
    screen: PictureTerms
    camera: PictureTerms
    phone: PictureTerms
    audio_kbps: number
    segment_ms: number
    on_track_stopped: 'warn' | 'pause' | 'allow'
    phone_preview_ratio: number
    orientation: string
    allows_several_screens: boolean
    retention_days: number
  }
  access_points: { name: string; url: string }[]
}

/** consent: only while it still has to be agreed to, and then nothing is entered yet. */
export interface EntryAnswer {
  attempt_id: string
  ticket: string
  seat_epoch: number
  server_time: string
  starts_at: string
  deadline: string
  hand_in_allowed_from: string | null
  rules: SittingRules
  consent: ConsentText | null
  /** The last acknowledged sheet. */
  sheet: AnswerSheet | null
  seq: number
  signing_key: string
  rescue_key: string
  /** Absent in what an earlier version of the page kept. */
  recording?: RecordingTerms
  paused: boolean
  attempt_state: AttemptStateName
  room_name: string
  seat_number: number
  /** Of an attempt that has been handed in. */
  receipt: SignedReceipt | null
  /** How often each sound or film was played, by item and medium. */
  plays: Record<string, number>
}

export interface SaveAnswer {
  seq: number
  saved_at: string
  sheet_sha256: string
}

export interface RefusalBody {
  code: string
  message: string
  message_en: string
  details?: Record<string, unknown>
}

/** Return milliseconds since 1970 UTC. Throws RangeError when the text is no instant. */
export function instantOf(value: string | number): number {
  const instant = typeof value === 'number' ? value : Date.parse(value)
  if (!Number.isFinite(instant)) throw new RangeError(`not an instant: ${value}`)
  return instant
}
