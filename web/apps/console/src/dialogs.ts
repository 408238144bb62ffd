/** Questions to the person in front of the screen, asked from anywhere and answered as a promise; drawn by DialogHost. */
import { shallowRef } from 'vue'

export interface ReasonQuestion {
  title: string
  /** What will happen, in one or two sentences. */
  hint?: string
  /** Ready sentences to choose from; free text is always possible. */
  reasons?: string[]
  confirm?: string
  isGrave?: boolean
}

export interface TypedQuestion {
  title: string
  hint: string
  /** What has to be typed, e.g. the name of the examination. */
  word: string
  confirm?: string
}

export interface ConfirmQuestion {
  title: string
  hint?: string
  confirm?: string
  isGrave?: boolean
}

export type Asked =
  | { kind: 'reason'; question: ReasonQuestion; answer: (reason: string | undefined) => void }
  | { kind: 'typed'; question: TypedQuestion; answer: (isSure: boolean) => void }
  | { kind: 'confirm'; question: ConfirmQuestion; answer: (isSure: boolean) => void }

export const asked = shallowRef<Asked>()

/** Ask why; undefined means the person stepped back. */
export function askReason(question: ReasonQuestion): Promise<string | undefined> {
  return new Promise((answer) => (asked.value = { kind: 'reason', question, answer }))
}

/** Ask to type a word, for acts on a whole examination. */
export function askTyped(question: TypedQuestion): Promise<boolean> {
  return new Promise((answer) => (asked.value = { kind: 'typed', question, answer }))
}

/** Ask yes or no. */
export function askConfirm(question: ConfirmQuestion): Promise<boolean> {
  return new Promise((answer) => (asked.value = { kind: 'confirm', question, answer }))
}
