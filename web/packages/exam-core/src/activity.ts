/** The page's operation log: numbered steps, sent in batches, kept until the server has them. Source: S3.18 */

/** Settled words; the server highlights some of them (`invigil.sit.activity.model.IMPORTANCE`). */
export type ActivityKind =
  | 'entered'
  | 'reloaded'
  | 'paper_opened'
  | 'question_opened'
  | 'answer_changed'
  | 'question_flagged'
  | 'picture_zoomed'
  | 'media_played'
  | 'network_lost'
  | 'network_restored'
  | 'screen_left'
  | 'screen_returned'
  | 'fullscreen_left'
  | SignalKind
  | 'hand_raised'
  | 'display_changed'
  | 'calculator_opened'
  | 'hand_in_asked'
  | 'handed_in'
  | 'seat_revoked'
  | 'rescue_exported'
  | 'command_shown'
  | 'command_acknowledged'
  | 'check_passed'
  | 'check_warned'
  | 'check_failed'
  | 'check_in_done'
  | 'phone_paired'
  | 'phone_replaced'
  | 'phone_finished'
  | 'page_hidden'
  | 'page_shown'
  | 'orientation_changed'
  | 'wake_lock_lost'
  | 'battery_low'
  | 'charger_unplugged'

/** Steps that are signals as well (`invigil.watch.signals.model.SIGNAL_KINDS`). */
export type SignalKind =
  | 'copy'
  | 'cut'
  | 'paste'
  | 'print_screen'
  | 'second_tab'
  | 'second_screen'
  | 'virtual_camera'
  | 'developer_tools'
  | 'clock_jump'
  | 'page_frozen'

export interface ActivityStep {
  /** Counts from 1 within one attempt and page; the server drops what it has already. */
  n: number
  /** The page's idea of the server's time, milliseconds since 1970 UTC. */
  at_client: number
  kind: ActivityKind
  item?: string
  detail?: string
}

export interface ActivityLog {
  readonly nextNumber: number
  readonly waiting: readonly ActivityStep[]
}

/** One batch stays far below the server's limit. */
export const MAX_BATCH = 100
/** An outage of hours must not grow without end: the oldest of the harmless steps go first. */
export const MAX_WAITING = 2_000
const HARMLESS: ReadonlySet<ActivityKind> = new Set(['question_opened', 'answer_changed', 'picture_zoomed', 'display_changed'])

export function emptyLog(nextNumber = 1): ActivityLog {
  return { nextNumber, waiting: [] }
}

export function logStep(log: ActivityLog, step: Omit<ActivityStep, 'n'>): ActivityLog {
  const waiting = [...log.waiting, { n: log.nextNumber, ...step }]
  return { nextNumber: log.nextNumber + 1, waiting: waiting.length > MAX_WAITING ? dropHarmless(waiting) : waiting }
}

/** Return the oldest steps, at most MAX_BATCH. */
export function nextBatch(log: ActivityLog): readonly ActivityStep[] {
  return log.waiting.slice(0, MAX_BATCH)
}

/** The server has every step up to this number. */
export function batchAccepted(log: ActivityLog, upTo: number): ActivityLog {
  return { ...log, waiting: log.waiting.filter((step) => step.n > upTo) }
}

function dropHarmless(waiting: ActivityStep[]): ActivityStep[] {
  const victim = waiting.findIndex((step) => HARMLESS.has(step.kind))
  return waiting.filter((_, index) => index !== Math.max(0, victim))
}
