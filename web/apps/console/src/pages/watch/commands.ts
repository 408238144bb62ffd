/** What each command asks of the proctor who gives it, and which make sense for a seat. Pure. */
import type { CommandWord, SeatView } from '@invigil/protocol'

export interface Needs {
  text: boolean
  canned: boolean
  /** A category and words: every act that stops somebody has both. */
  reason: boolean
  minutes: boolean
  confirm: boolean
  evidence: boolean
  /** Takes effect when another person agrees. */
  isProposal: boolean
  isGrave: boolean
}

const NOTHING: Needs = { text: false, canned: false, reason: false, minutes: false, confirm: false, evidence: false, isProposal: false, isGrave: false }

const NEEDS: Record<CommandWord, Needs> = {
  message: { ...NOTHING, text: true },
  warning: { ...NOTHING, text: true, canned: true },
  pause: { ...NOTHING, reason: true, isProposal: true },
  resume: NOTHING,
  extra_time: { ...NOTHING, reason: true, minutes: true, isProposal: true },
  lock: { ...NOTHING, reason: true, isGrave: true },
  unlock: NOTHING,
  force_hand_in: { ...NOTHING, reason: true, confirm: true, isGrave: true },
  release_seat: { ...NOTHING, reason: true },
  terminate: { ...NOTHING, reason: true, evidence: true, isProposal: true, isGrave: true },
}

export function needsOf(kind: CommandWord): Needs {
  return NEEDS[kind]
}

const LIVE = new Set<SeatView['state']>(['waiting', 'in_exam', 'offline', 'paused'])

/** Return the commands that can be given to this seat now, the gentlest first. */
export function commandsFor(seat: SeatView, allowsExtraTime: boolean): CommandWord[] {
  if (seat.attempt_id === null || !LIVE.has(seat.state)) return []
  const isPaused = seat.state === 'paused' && !seat.is_locked
  const stopping: CommandWord[] = seat.is_locked ? ['unlock'] : isPaused ? ['resume'] : ['pause', 'lock']
  return ['message', 'warning', ...stopping, ...(allowsExtraTime ? (['extra_time'] as const) : []), 'release_seat', 'force_hand_in', 'terminate']
}

/** What can be said to a whole room at once: nothing that ends anybody's examination. */
export const ROOM_COMMANDS: readonly CommandWord[] = ['message', 'warning', 'pause', 'resume', 'extra_time']
