/** The conversation with the proctor, and the raised hand. What was written is kept on the page until the server has it. */
import type { ChatMessage, ClientMessage, HandMessage } from '@invigil/protocol'
import { computed, shallowReactive } from 'vue'

import { instantOf } from '../http/types.ts'
import { logActivity } from './activity.ts'
import { serverNow } from './server-clock.ts'

type Tell = (message: ClientMessage) => void

export interface HelpLine {
  id: string
  sender: 'candidate' | 'staff'
  text: string
  at: number
  /** The server has it. */
  isStored: boolean
}

export interface Hand {
  id: string
  isRaised: boolean
  isAnswered: boolean
}

export const help = shallowReactive({ lines: [] as readonly HelpLine[], hand: null as Hand | null, unread: 0, isOpen: false })

export const isWaitingForProctor = computed(() => help.hand !== null && help.hand.isRaised && !help.hand.isAnswered)

/** Write to the proctor; nothing happens for an empty line. */
export function say(text: string, tell: Tell): void {
  const line = text.trim()
  if (line === '') return
  const id = crypto.randomUUID()
  putLine({ id, sender: 'candidate', text: line, at: serverNow(), isStored: false })
  tell({ type: 'chat', id, text: line })
}

export function raiseHand(tell: Tell): void {
  if (isWaitingForProctor.value) return
  const id = crypto.randomUUID()
  help.hand = { id, isRaised: true, isAnswered: false }
  logActivity({ kind: 'hand_raised' })
  tell({ type: 'raise_hand', id, is_raised: true })
}

export function lowerHand(tell: Tell): void {
  if (help.hand === null) return
  tell({ type: 'raise_hand', id: help.hand.id, is_raised: false })
  help.hand = null
}

export function hearLine(message: ChatMessage): void {
  const isNew = !help.lines.some((line) => line.id === message.id)
  putLine({ id: message.id, sender: message.sender, text: message.text, at: instantOf(message.at), isStored: true })
  if (isNew && message.sender === 'staff' && !help.isOpen) help.unread += 1
}

export function hearHand(message: HandMessage): void {
  help.hand = message.is_raised ? { id: message.id, isRaised: true, isAnswered: message.is_answered } : null
}

/** The panel is open (or no longer): what has come counts as read. */
export function openHelp(isOpen: boolean): void {
  help.isOpen = isOpen
  if (isOpen) help.unread = 0
}

/** Another attempt has its own conversation. */
export function forgetHelp(): void {
  Object.assign(help, { lines: [], hand: null, unread: 0 })
}

function putLine(line: HelpLine): void {
  help.lines = [...help.lines.filter((known) => known.id !== line.id), line].sort((a, b) => a.at - b.at)
}
