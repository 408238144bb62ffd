import { expect, test } from 'vitest'

import { addOption, fitToType, mediumBlock, newQuestion, playLimitOf, removeOption } from '../src/components/questions/drafts.ts'
import { answerInWords } from '../src/components/questions/kinds.ts'

test('removing an option closes the letters up and keeps the meaning of the answer', () => {
  const question = newQuestion('multiple')
  question.answer = { choices: ['A', 'B', 'D'] }
  removeOption(question, 1)
  expect(question.options?.map((option) => option.key)).toEqual(['A', 'B', 'C'])
  expect(question.answer).toEqual({ choices: ['A', 'C'] })
})

test('a new option takes the next letter', () => {
  const question = newQuestion('single')
  addOption(question)
  expect(question.options?.at(-1)?.key).toBe('E')
})

test('another type keeps what fits it', () => {
  const question = newQuestion('multiple')
  question.answer = { choices: ['B', 'C'] }
  question.type = 'single'
  fitToType(question)
  expect(question.answer).toEqual({ choices: ['B'] })
  question.type = 'fill_in'
  fitToType(question)
  expect(question.options).toEqual([])
  expect(question.answer).toEqual({ blanks: [['']] })
})

test.each([
  [{ choices: ['A', 'C'] }, 'AC'],
  [{ correct: false }, '错误'],
  [{ blanks: [['塔吊', '塔式起重机'], ['两米']] }, '塔吊 或 塔式起重机；两米'],
  [null, ''],
])('answer %j in words', (answer, words) => expect(answerInWords(answer)).toBe(words))

test('a medium is put in without a limit of plays, which pictures may not have at all', () => {
  const medium = { id: 'media_1', media_type: 'image/png' }
  expect(mediumBlock('picture', medium)).toEqual({ kind: 'picture', blob: 'media_1', media_type: 'image/png', alt: '' })
  expect([playLimitOf(2), playLimitOf(0), playLimitOf(undefined)]).toEqual([2, null, null])
})
