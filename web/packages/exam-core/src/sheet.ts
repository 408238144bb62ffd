/**
 * The answer sheet: everything the candidate answered, small enough to be sent whole with every save.
 *
 * Letters are the presented ones; only the server knows the permutation. Sheets are values: each change makes a new one.
 */
import type { Item } from './paper.ts'

/** c: letters in ascending order; t: one text per blank; b: true or false. Exactly one is present. */
export type Answer = { readonly c: string } | { readonly t: readonly string[] } | { readonly b: boolean }

export interface AnswerSheet {
  readonly v: 1
  readonly attempt: string
  /** Grows with every edit; the greatest wins everywhere. */
  readonly seq: number
  readonly answers: { readonly [item: string]: Answer }
  /** Item ids, unique, ascending by text. */
  readonly flags: readonly string[]
}

/** The longest text of one blank, in UTF-16 units: keeps a whole sheet far below the server's size limit. */
export const MAX_BLANK_LENGTH = 200

export function emptySheet(attempt: string): AnswerSheet {
  return { v: 1, attempt, seq: 0, answers: {}, flags: [] }
}

/** Choose one letter of a single-choice item. Choosing it twice changes nothing: a double click must not take an answer back. */
export function chooseOne(sheet: AnswerSheet, item: string, letter: string): AnswerSheet {
  return withAnswer(sheet, item, { c: letter })
}

/** Add or take back one letter of a multiple-choice item. */
export function toggleLetter(sheet: AnswerSheet, item: string, letter: string): AnswerSheet {
  const letters = new Set(chosenLetters(sheet, item))
  if (!letters.delete(letter)) letters.add(letter)
  return letters.size === 0 ? clearAnswer(sheet, item) : withAnswer(sheet, item, { c: [...letters].sort().join('') })
}

/** Judge a statement; twice the same changes nothing. */
export function judge(sheet: AnswerSheet, item: string, judgement: boolean): AnswerSheet {
  return withAnswer(sheet, item, { b: judgement })
}

/** Write one blank (0-based) of a fill-in item with `blanks` blanks; all blanks empty means unanswered. */
export function fillBlank(sheet: AnswerSheet, item: string, blank: number, text: string, blanks: number): AnswerSheet {
  const before = filledBlanks(sheet, item, blanks)
  const texts = before.map((old, index) => (index === blank ? wellFormed(text) : old))
  return texts.every((one) => one.trim() === '') ? clearAnswer(sheet, item) : withAnswer(sheet, item, { t: texts })
}

export function clearAnswer(sheet: AnswerSheet, item: string): AnswerSheet {
  return { ...sheet, answers: Object.fromEntries(Object.entries(sheet.answers).filter(([id]) => id !== item)) }
}

export function toggleFlag(sheet: AnswerSheet, item: string): AnswerSheet {
  const flags = sheet.flags.includes(item) ? sheet.flags.filter((id) => id !== item) : [...sheet.flags, item].sort()
  return { ...sheet, flags }
}

/** Return the chosen letters of a choice item, ascending; empty when unanswered. */
export function chosenLetters(sheet: AnswerSheet, item: string): string[] {
  const answer = sheet.answers[item]
  return answer !== undefined && 'c' in answer ? [...answer.c] : []
}

/** Return the judgement, or null when unanswered. */
export function judgement(sheet: AnswerSheet, item: string): boolean | null {
  const answer = sheet.answers[item]
  return answer !== undefined && 'b' in answer ? answer.b : null
}

/** Return one text per blank, "" where nothing is written. */
export function filledBlanks(sheet: AnswerSheet, item: string, blanks: number): string[] {
  const answer = sheet.answers[item]
  const texts = answer !== undefined && 't' in answer ? answer.t : []
  return Array.from({ length: blanks }, (_, index) => texts[index] ?? '')
}

/** Tell whether the item counts as answered; a fill-in item only when every blank is filled. */
export function isAnswered(sheet: AnswerSheet, item: Item): boolean {
  const answer = sheet.answers[item.id]
  if (answer === undefined) return false
  if ('t' in answer) return filledBlanks(sheet, item.id, item.blank_count).every((text) => text.trim() !== '')
  return true
}

/** Tell whether two sheets hold the same answers and flags, whatever their seq. */
export function hasSameAnswers(one: AnswerSheet, other: AnswerSheet): boolean {
  return contentOf(one) === contentOf(other)
}

function contentOf(sheet: AnswerSheet): string {
  const answers = Object.keys(sheet.answers)
    .sort()
    .map((item) => [item, sheet.answers[item]])
  return JSON.stringify([answers, sheet.flags])
}

function withAnswer(sheet: AnswerSheet, item: string, answer: Answer): AnswerSheet {
  return { ...sheet, answers: { ...sheet.answers, [item]: answer } }
}

/** Canonical JSON knows no lone surrogate; an input method may leave one behind when it is cut off. */
function wellFormed(text: string): string {
  return text.slice(0, MAX_BLANK_LENGTH).replace(/\p{Surrogate}/gu, '')
}
