import { afterEach, expect, test } from 'vitest'

import { widthOf } from '../src/components/charts/options.ts'
import { jobSays, jobTitle } from '../src/components/jobs.ts'
import { problemSentence } from '../src/components/questions/problems.ts'
import { setLanguage } from '../src/language.ts'

afterEach(() => setLanguage('zh'))

test('jobs are named in the language of the page, with what they are about', () => {
  const job = { kind: 'papers.set.generate', title: '组卷：C3 类 模拟试卷', message: '组卷完成' }
  expect([jobTitle(job), jobSays(job)]).toEqual([job.title, job.message])
  setLanguage('en')
  expect([jobTitle(job), jobSays(job)]).toEqual(['Make a paper set: C3 类 模拟试卷', ''])
  expect(jobTitle({ kind: 'candidates.photos.write', title: '写入考生照片' })).toBe('Write photos')
  expect(jobTitle({ kind: 'of.tomorrow', title: '明天的任务' })).toBe('明天的任务')
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
