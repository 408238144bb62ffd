/** What staff and the system can do to this page while the candidate sits. */
import type { ClientMessage, CommandMessage, ServerMessage, StateMessage } from '@invigil/protocol'

import { instantOf } from '../http/types.ts'
import { logActivity } from './activity.ts'
import { addNotice, attempt, removeNotice, type Notice } from './attempt.ts'
import { handInAsTold } from './handing-in.ts'
import { phoneTrack } from './phone-track.ts'
import { sendStills } from './recording.ts'
import { hearHand, hearLine } from './help.ts'
import { haltSaving, resumeSaving } from './saving.ts'
import { hearServerTime, serverNow } from './server-clock.ts'

type Tell = (message: ClientMessage) => void

export function carryOut(message: ServerMessage, tell: Tell): void {
  if (message.type === 'time') hearServerTime(message.server_time)
  else if (message.type === 'state') takeState(message)
  else if (message.type === 'command') carryOutCommand(message, tell)
  else if (message.type === 'stills') sendStills(message)
  else if (message.type === 'chat') hearLine(message)
  else if (message.type === 'hand') hearHand(message)
  else if (message.type === 'phone_track') phoneTrack.value = message
}

/** The candidate pressed 我知道了. */
export function acknowledgeNotice(notice: Notice, tell: Tell): void {
  removeNotice(notice.id)
  logActivity({ kind: 'command_acknowledged', detail: notice.kind })
  if (notice.kind !== 'screen_left') tell({ type: 'ack', id: notice.id })
}

/** The attempt rests: nothing is written until it is open again; what was answered stays. */
export function holdAttempt(isLocked: boolean, text: string): void {
  attempt.isLocked = isLocked
  if (text !== '') attempt.pauseText = text
  if (attempt.phase !== 'answering') return
  attempt.phase = 'paused'
  haltSaving('held')
}

/** Commands this page has carried out: after a reconnect the server sends again what it does not know to have arrived. */
const known = new Set<string>()

/** Another attempt begins. */
export function forgetCommands(): void {
  known.clear()
}

function carryOutCommand(command: CommandMessage, tell: Tell): void {
  tell({ type: 'delivered', id: command.id })
  if (known.has(command.id)) return
  known.add(command.id)
  if (command.deadline !== null) attempt.deadline = instantOf(command.deadline)
  ACTS[command.kind]?.(command)
  logActivity({ kind: 'command_shown', detail: command.kind })
  const isHeld = command.kind === 'pause' || command.kind === 'lock'
  // A pause covers the page and says why itself; it is read as long as it lasts.
  if ((command.requires_ack && !isHeld && attempt.phase !== 'closed') || ALWAYS_SHOWN.has(command.kind)) addNotice(noticeOf(command))
  else tell({ type: 'ack', id: command.id })
}

/** A message is read before it goes away, whether or not the server wants to know that. */
const ALWAYS_SHOWN: ReadonlySet<CommandMessage['kind']> = new Set(['message', 'warning', 'extra_time'])

const ACTS: Partial<Record<CommandMessage['kind'], (command: CommandMessage) => void>> = {
  extra_time: goOn,
  resume: goOn,
  unlock: goOn,
  reopen: goOn,
  terminate: (command) => {
    attempt.closedText = command.reason
    terminate()
  },
  pause: (command) => holdAttempt(false, command.reason),
  lock: (command) => holdAttempt(true, command.reason),
  force_hand_in: (command) => {
    attempt.closedText = command.text || command.reason
    void handInAsTold()
  },
  seat_revoked: (command) => {
    logActivity({ kind: 'seat_revoked', detail: command.reason })
    moveAway(command.reason)
  },
}

/** Another page holds the seat now; this one writes no more. */
export function moveAway(reason: string): void {
  attempt.closedText = reason
  attempt.phase = 'moved'
  haltSaving('seat_revoked')
}

function noticeOf(command: CommandMessage): Notice {
  return { id: command.id, kind: command.kind, text: command.text, reason: command.reason, at: serverNow() }
}

function takeState(state: StateMessage): void {
  if (state.deadline !== null) attempt.deadline = instantOf(state.deadline)
  if (state.state === 'open') goOn()
  else if (state.state === 'paused' || state.state === 'locked') holdAttempt(state.state === 'locked', '')
  else if (state.state === 'terminated') terminate()
  else void handInAsTold() // handed in by the system: asking again brings the same receipt
}

/** Paused, locked, or closed by the clock and open again: the desk is the candidate's once more. */
function goOn(): void {
  const isClosedHere = attempt.phase === 'closed' && attempt.receipt === null && attempt.deadline > serverNow()
  if (attempt.phase !== 'paused' && !isClosedHere) return
  Object.assign(attempt, { phase: 'answering', isLocked: false, pauseText: '', closedText: '' })
  resumeSaving()
}

function terminate(): void {
  attempt.phase = 'closed'
  attempt.isTerminated = true
  haltSaving('attempt_closed')
}
