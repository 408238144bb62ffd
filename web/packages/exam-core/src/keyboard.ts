/** One table of keys for the answering page; the help panel prints the same table. */
import type { Item } from './paper.ts'

export type KeyAction =
  | { act: 'choose'; letter: string }
  | { act: 'judge'; judgement: boolean }
  | { act: 'next' }
  | { act: 'previous' }
  | { act: 'flag' }
  | { act: 'help' }

/** The part of a KeyboardEvent that decides. */
export interface PressedKey {
  key: string
  ctrlKey: boolean
  altKey: boolean
  metaKey: boolean
  /** The focus is in a text field, where letters are text. */
  isTyping: boolean
  /** An input method is composing. */
  isComposing: boolean
}

const FULL_WIDTH_OFFSET = 0xfee0

/** Return what the key does on this item, or null when it means nothing here. Letters and digits both choose. */
export function actionForKey(pressed: PressedKey, item: Item): KeyAction | null {
  if (pressed.isTyping || pressed.isComposing || pressed.ctrlKey || pressed.altKey || pressed.metaKey) return null
  const key = halfWidth(pressed.key)
  if (key === 'ArrowRight') return { act: 'next' }
  if (key === 'ArrowLeft') return { act: 'previous' }
  if (key === 'M') return { act: 'flag' }
  if (key === '?') return { act: 'help' }
  return answerForKey(key, item)
}

function answerForKey(key: string, item: Item): KeyAction | null {
  if (item.type === 'true_false') return judgementForKey(key)
  const byLetter = item.options.find((option) => option.key === key)
  const chosen = byLetter ?? (/^[1-9]$/.test(key) ? item.options[Number(key) - 1] : undefined)
  return chosen === undefined ? null : { act: 'choose', letter: chosen.key }
}

function judgementForKey(key: string): KeyAction | null {
  if (key === 'A' || key === '1' || key === 'Y') return { act: 'judge', judgement: true }
  if (key === 'B' || key === '2' || key === 'N') return { act: 'judge', judgement: false }
  return null
}

/** Chinese input methods in full-width mode send ａ or １ for a and 1. */
function halfWidth(key: string): string {
  const code = key.length === 1 ? key.charCodeAt(0) : 0
  const plain = code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - FULL_WIDTH_OFFSET) : key
  return plain.length === 1 ? plain.toUpperCase() : plain
}
