/** What staff and the system can do to this page while the candidate sits. */
import type { ClientMessage, CommandMessage, ServerMessage, StateMessage } from '@invigil/protocol'

import { instantOf } from '../http/types.ts'
import { addNotice, attempt, removeNotice, type Notice } from './attempt.ts'
import { logActivity } from './activity.ts'
import { haltSaving, resumeSaving } from './saving.ts'
import { hearServerTime, serverNow } from './server-clock.ts'
import { handInAsTold } from './handing-in.ts'

type Tell = (message: ClientMessage) => void

export function carryOut(message: ServerMessage, tell: Tell): void {
  if (message.type === 'time') hearServerTime(message.server_time)
  else if (message.type === 'state') takeState(message)
  else carryOutCommand(message, tell)
}

/** The candidate pressed 我知道了. */
export function acknowledgeNotice(notice: Notice, tell: Tell): void {
  removeNotice(notice.id)
  logActivity({ kind: 'notice_acknowledged', detail: notice.kind })
  if (notice.kind !== 'screen_left') tell({ type: 'ack', id: notice.id })
}

function carryOutCommand(command: CommandMessage, tell: Tell): void {
  if (command.deadline !== null) attempt.deadline = instantOf(command.deadline)
  ACTS[command.kind]?.(command)
  if (command.requires_ack) addNotice(noticeOf(command))
  else tell({ type: 'ack', id: command.id })
}

const ACTS: Partial<Record<CommandMessage['kind'], (command: CommandMessage) => void>> = {
  message: showAlways,
  warning: showAlways,
  extra_time: (command) => {
    if (attempt.phase === 'closed' && attempt.receipt === null) reopen()
    showAlways(command)
  },
  pause: (command) => {
    if (attempt.phase === 'answering') attempt.phase = 'paused'
    attempt.pauseText = command.text || command.reason
  },
  resume: () => {
    if (attempt.phase === 'paused') attempt.phase = 'answering'
    else if (attempt.phase === 'closed' && attempt.receipt === null) reopen()
  },
  lock: (command) => {
    attempt.closedText = command.text || command.reason
    attempt.phase = 'closed'
    haltSaving('attempt_closed')
  },
  force_hand_in: (command) => {
    attempt.closedText = command.text || command.reason
    void handInAsTold()
  },
  seat_revoked: () => {
    attempt.phase = 'moved'
    haltSaving('seat_revoked')
  },
}

/** A message is read before it goes away, whether or not the server wants to know that. */
function showAlways(command: CommandMessage): void {
  addNotice(noticeOf(command))
}

function noticeOf(command: CommandMessage): Notice {
  return { id: command.id, kind: command.kind, text: command.text, reason: command.reason, at: serverNow() }
}

function takeState(state: StateMessage): void {
  if (state.deadline !== null) attempt.deadline = instantOf(state.deadline)
  if (state.paused && attempt.phase === 'answering') attempt.phase = 'paused'
  else if (!state.paused && attempt.phase === 'paused') attempt.phase = 'answering'
}

function reopen(): void {
  attempt.phase = 'answering'
  attempt.closedText = ''
  resumeSaving()
}
