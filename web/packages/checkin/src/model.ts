/** Words of checking in, as the server uses them (`src/invigil/sit/checkin`). */

export type CheckKind =
  | 'browser'
  | 'network'
  | 'camera'
  | 'picture'
  | 'microphone'
  | 'speaker'
  | 'screen'
  | 'phone'
  | 'model'
  | 'battery'
  | 'orientation'
  | 'wake_lock'
  | 'placement'

export type Verdict = 'pass' | 'warn' | 'fail'
export type Measured = Record<string, number | string | boolean | null>

export interface Judgement {
  verdict: Verdict
  /** A key of `Judging.reasons`. */
  reason: string
}

export interface Reason {
  zh: string
  hint_zh: string
  en: string
  hint_en: string
}

/** The limits and the words, as the server gives them. */
export interface Judging {
  thresholds: Record<string, number>
  reasons: Record<string, Reason>
}

/** The newest result of a check. is_passable: passed, warned of, or let through by staff. */
export interface CheckResult extends Judgement {
  kind: CheckKind
  is_passable: boolean
  is_waived: boolean
  checked_at: string
}

export type PhoneState = 'absent' | 'checking' | 'ready' | 'recording' | 'hidden' | 'lost' | 'finished'

/** The phone as the server describes it to the PC page. */
export interface PhoneView {
  state: PhoneState
  label: string
  battery: number | null
  is_charging: boolean | null
  needed: CheckKind[]
  open: CheckKind[]
  checks: CheckResult[]
  /** Another phone waits for the proctor's word. */
  needs_permission_since: string | null
  other_label: string
  is_change_allowed: boolean
}
