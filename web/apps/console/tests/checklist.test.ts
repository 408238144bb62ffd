import { expect, test } from 'vitest'

import { computeChecklist } from '../src/pages/exams/checklist.ts'
import { computeTimeline } from '../src/pages/exams/timeline.ts'
import { exam, NOW, sitting, summary } from './examples.ts'

const states = (input: Parameters<typeof computeChecklist>[0]) => Object.fromEntries(computeChecklist(input).map((one) => [one.key, one.state]))

test('an empty examination lacks everything it must have', () => {
  expect(states({ exam: exam({ subjects: [] }), candidates: summary({ total: 0, subjects: [] }), now: NOW })).toEqual({
    agreement: 'open',
    subjects: 'open',
    papers: 'done',
    mockPapers: 'done',
    candidates: 'open',
    real: 'open',
    mock: 'open',
  })
})

test('subjects without papers, candidates or sittings are named', () => {
  const subjects = ['A', 'B'].map((code) => ({ code, title: code, paper_set_id: code === 'A' ? 'pset_1' : null, mock_paper_set_id: 'pset_2' }))
  const items = computeChecklist({ exam: exam({ subjects, sittings: [sitting()] }), candidates: summary(), now: NOW })
  const detail = (key: string) => items.find((one) => one.key === key)?.detail
  expect(detail('papers')).toContain('B')
  expect(detail('papers')).not.toContain('A')
  expect(detail('candidates')).toContain('B')
  expect(detail('real')).toContain('B')
})

test('a mock after the examination does not count', () => {
  const late = [sitting({ kind: 'mock', id: 'm', starts_at: '2026-11-29T01:00:00Z' }), sitting()]
  expect(states({ exam: exam({ sittings: late }), now: NOW })['mock']).toBe('open')
  const early = [sitting({ kind: 'mock', id: 'm', starts_at: '2026-11-27T01:00:00Z' }), sitting()]
  expect(states({ exam: exam({ sittings: early }), now: NOW })['mock']).toBe('done')
})

test('the summary that a role may not read leaves its items out', () => {
  expect(states({ exam: exam(), now: NOW })).not.toHaveProperty('candidates')
})

test('a start that has passed without opening is said', () => {
  const items = computeChecklist({ exam: exam({ sittings: [sitting({ state: 'locked', starts_at: '2026-11-22T01:00:00Z' })] }), now: NOW })
  expect(items.find((one) => one.key === 'opened')?.detail).toContain('第一场')
})

test('the timeline is in order, with the present among the dates', () => {
  const entries = computeTimeline(exam({ sittings: [sitting(), sitting({ id: 's0', starts_at: '2026-11-20T01:00:00Z', last_deadline: '2026-11-20T02:30:00Z' })] }), NOW)
  expect(entries.map((one) => one.when)).toEqual(['past', 'past', 'past', 'now', 'future', 'future'])
})
