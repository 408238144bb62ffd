import { expect, test } from 'vitest'

import { beijingFromInstant, formatBytes, formatInstant, formatSeconds, formatShare, instantFromBeijing } from '../src/formats.ts'
import { drawPassword } from '../src/pages/accounts/passwords.ts'
import { byArea, byDifficulty, exposureBars } from '../src/pages/papers/coverage.ts'
import { isComplete, newSection, unbound } from '../src/pages/papers/useBlueprint.ts'
import { histogramBars, isWeak, pointsText, readAnswer, scatterPoints, type ItemStatistics } from '../src/pages/results/statistics.ts'

test('times are those of Beijing, wherever the computer stands', () => {
  expect(formatInstant('2026-11-28T01:00:00Z')).toBe('2026-11-28 09:00')
  expect(instantFromBeijing('2026-11-28 09:00:00')).toBe('2026-11-28T09:00:00+08:00')
  expect(instantFromBeijing('2026-11-28 09:00')).toBe('2026-11-28T09:00:00+08:00')
  expect(new Date(instantFromBeijing(beijingFromInstant('2026-11-28T16:30:05Z'))).toISOString()).toBe('2026-11-28T16:30:05.000Z')
})

test.each([
  [0, '0:00'],
  [65, '1:05'],
  [3661, '1:01:01'],
  [-3, '0:00'],
  [59.2, '1:00'],
])('%d seconds are %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text))

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KB'],
  [3 * 1024 ** 3, '3.0 GB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

test('shares', () => expect([formatShare(0.8333), formatShare(null)]).toEqual(['83.3%', '—']))

test('half points are exact', () => expect([pointsText(119), pointsText(120), pointsText(0)]).toEqual(['59.5', '60', '0']))

test('drawn passwords are long, unlike, and without letters that look alike', () => {
  const drawn = new Set(Array.from({ length: 200 }, () => drawPassword()))
  expect(drawn.size).toBe(200)
  for (const one of drawn) expect(one).toMatch(/^[a-hjkmnp-zA-HJKMNP-Z2-9]{4}(-[a-hjkmnp-zA-HJKMNP-Z2-9]{4}){3}$/)
})

const cells = [
  { type: 'single', knowledge_area: '法规', difficulty: 1, pool: 10, per_paper: 250 },
  { type: 'multiple', knowledge_area: '法规', difficulty: 3, pool: 4, per_paper: 100 },
  { type: 'single', knowledge_area: '机械', difficulty: 3, pool: 20, per_paper: 650 },
]
test('coverage by area and difficulty', () => {
  expect(byArea(cells)).toEqual([
    { area: '机械', pool: 20, perPaper: 6.5 },
    { area: '法规', pool: 14, perPaper: 3.5 },
  ])
  expect(byDifficulty(cells)).toEqual([2.5, 0, 7.5, 0, 0])
})

test('the exposure histogram ends with its last bar', () => {
  expect(exposureBars([0, 5, 2, ...Array.from({ length: 17 }, () => 0)])).toEqual({ labels: ['0–5%', '5–10%', '10–15%'], counts: [0, 5, 2] })
  expect(exposureBars([0, 0]).counts).toEqual([0])
})

test('quotas leave a rest, or ask for too much', () => {
  const section = { ...newSection('single'), count: 10 }
  expect(unbound(section, { 1: 4 })).toBe(6)
  expect(unbound(section, { 1: 8, 2: 4 })).toBe(-2)
})

test('a blueprint with a fraction that is no half point is not sent', () => {
  const draft = { title: '方案', subject_code: 'A', pass_mark: '60', shuffle_items: true, shuffle_options: true, difficulty_band: null, sections: [newSection('single')] }
  expect(isComplete(draft)).toBe(true)
  expect(isComplete({ ...draft, pass_mark: '60.25' })).toBe(false)
  expect(isComplete({ ...draft, sections: [] })).toBe(false)
})

const item = (part: Partial<ItemStatistics>): ItemStatistics =>
  ({ question_id: 'qst_123456', knowledge_area: '法规', difficulty: 0.6, discrimination: 0.3, ...part }) as ItemStatistics

test('weak items are marked; items without discrimination are not drawn', () => {
  const { points, shown } = scatterPoints([item({}), item({ discrimination: -0.1 }), item({ discrimination: null })])
  expect(points.map((point) => point.isMarked)).toEqual([false, true])
  expect(shown).toHaveLength(2)
  expect(isWeak(item({ discrimination: 0.2 }))).toBe(false)
})

test('the score histogram names its ranges', () => expect(histogramBars([1, 0, 3, 2], '60').labels).toEqual(['0–15', '15–30', '30–45', '45–60']))

test.each([
  ['single', 'b', { choices: ['B'] }],
  ['single', 'AB', undefined],
  ['multiple', 'c、a a', { choices: ['A', 'C'] }],
  ['true_false', '√', { correct: true }],
  ['true_false', '错', { correct: false }],
  ['true_false', '也许', undefined],
  ['fill_in', '塔吊|塔式起重机；两米', { blanks: [['塔吊', '塔式起重机'], ['两米']] }],
  ['fill_in', ' ', undefined],
])('a corrected %s answer %j', (type, typed, answer) => expect(readAnswer(type, typed)).toEqual(answer))
