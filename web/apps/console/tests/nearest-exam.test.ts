import { expect, it } from 'vitest'

import { findNearest } from '../src/stores/exam-scope.ts'
import { exam } from './examples.ts'

const NOW = Date.parse('2026-11-20T09:00:00Z')
const DRAFT = exam({ id: 'draft', created_at: '2026-11-19T00:00:00Z' })
const OVER = exam({ id: 'over', first_starts_at: '2026-11-01T01:00:00Z', last_starts_at: '2026-11-02T01:00:00Z' })
const RUNNING = exam({ id: 'running', first_starts_at: '2026-11-20T01:00:00Z', last_starts_at: '2026-11-20T13:00:00Z' })
const COMING = exam({ id: 'coming', first_starts_at: '2026-12-20T01:00:00Z', last_starts_at: '2026-12-21T01:00:00Z' })

it.each([
  ['the one that is being sat', [DRAFT, COMING, RUNNING, OVER], 'running'],
  ['the one that was sat before one that is far away', [DRAFT, COMING, OVER], 'over'],
  ['the one that comes before one without any sitting', [DRAFT, COMING], 'coming'],
  ['the newest of those without any sitting', [exam({ id: 'older' }), DRAFT], 'draft'],
])('chooses %s', (_, exams, id) => {
  expect(findNearest(exams, NOW)?.id).toBe(id)
})

it('chooses none where there is none', () => {
  expect(findNearest([], NOW)).toBeUndefined()
})
