/** Making and changing question drafts; pure. */
import type { Schemas } from '../../api.ts'
import type { Block, MediumKind, QuestionDocument, QuestionType } from './kinds.ts'

type Part = Schemas['SubQuestionDocument']
export type Answerable = QuestionDocument | Part

const OPTION_KEYS = 'ABCDEFGHIJ'
const USUAL_OPTIONS = 4

export function textBlock(html = ''): Block {
  return { kind: 'text', html, alt: '' }
}

/** Return a block of a medium of the bank, to be played as often as one likes. */
export function mediumBlock(kind: MediumKind, medium: { id: string; media_type: string }): Block {
  return { kind, blob: medium.id, media_type: medium.media_type, alt: '' }
}

/** Return the limit of plays that was typed: 0 or nothing is no limit, and none is what the bank wants of it. */
export function playLimitOf(typed: number | null | undefined): number | null {
  return typed || null
}

/** Return an empty question of this type. */
export function newQuestion(type: QuestionType): QuestionDocument {
  const question: QuestionDocument = { type, blocks: [textBlock()], difficulty: 3, knowledge_area: '', source: '', subject_codes: [], options: [], explanation: [], sub_questions: [], answer: null }
  fitToType(question)
  if (type === 'case') question.sub_questions = [newPart('single')]
  return question
}

export function newPart(type: Part['type']): Part {
  const part: Part = { type, blocks: [textBlock()], options: [], explanation: [], answer: null }
  fitToType(part)
  return part
}

/** Give a question the options and the kind of answer its type needs; keeps what fits. */
export function fitToType(question: Answerable): void {
  const hasOptions = question.type === 'single' || question.type === 'multiple'
  if (!hasOptions) question.options = []
  else if (!question.options?.length) question.options = Array.from({ length: USUAL_OPTIONS }, (_, at) => ({ key: OPTION_KEYS.charAt(at), blocks: [textBlock()] }))
  question.answer = answerOfType(question)
}

function answerOfType({ type, answer }: Answerable): Answerable['answer'] {
  const choices = answer?.choices ?? []
  const answers = {
    single: () => ({ choices: choices.slice(0, 1) }),
    multiple: () => ({ choices }),
    true_false: () => ({ correct: answer?.correct ?? true }),
    fill_in: () => ({ blanks: answer?.blanks ?? [['']] }),
    case: () => null,
  }
  return answers[type]()
}

export function addOption(question: Answerable): void {
  const options = question.options ?? []
  question.options = [...options, { key: OPTION_KEYS.charAt(options.length), blocks: [textBlock()] }]
}

/** Remove an option; letters close up, and the answer keeps its meaning. */
export function removeOption(question: Answerable, at: number): void {
  const before = question.options ?? []
  const kept = before.filter((_, place) => place !== at)
  const renamed = new Map(kept.map((option, place) => [option.key, OPTION_KEYS.charAt(place)]))
  question.options = kept.map((option) => ({ ...option, key: renamed.get(option.key) ?? option.key }))
  question.answer = { choices: (question.answer?.choices ?? []).flatMap((key) => renamed.get(key) ?? []) }
}
