import { afterEach, expect, test } from 'vitest'

import { widthOf } from '../src/components/charts/options.ts'
import { problemSentence } from '../src/components/questions/problems.ts'
import { inLanguage, setLanguage } from '../src/language.ts'

afterEach(() => setLanguage('zh'))

test('what carries both languages is shown in that of the page, and in Chinese where it has no English', () => {
  expect(inLanguage('组卷：C3 类', 'Make a paper set: C3 类')).toBe('组卷：C3 类')
  setLanguage('en')
  expect(inLanguage('组卷：C3 类', 'Make a paper set: C3 类')).toBe('Make a paper set: C3 类')
  expect(inLanguage('昨天的任务', '')).toBe('昨天的任务')
})

test('what is wrong with a question is said in the language of the page', () => {
  const empty = { code: 'option_empty', sentence: '选项 C 是空的。', part: 0 }
  expect(problemSentence(empty)).toBe('选项 C 是空的。')
  setLanguage('en')
  expect(problemSentence(empty)).toBe('Option C is empty.')
  expect(problemSentence({ code: 'answer_missing', sentence: '没有答案。', part: 0 })).toBe('There is no answer, or a blank has none.')
  expect(problemSentence({ code: 'of_tomorrow', sentence: '明天的问题。', part: 0 })).toBe('明天的问题。')
})

test('a chart keeps room for its longest label, up to a bound', () => {
  expect(widthOf(['施工机械与有限空间', 'A'])).toBe(9 * 12)
  expect(widthOf([])).toBe(0)
  expect(widthOf(['很'.repeat(40)])).toBe(130)
})
