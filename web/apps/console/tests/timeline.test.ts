import { expect, test } from 'vitest'

import { computeTimeline } from '../src/pages/exams/timeline.ts'
import { exam, NOW, sitting } from './examples.ts'

test('the timeline is in order, with the present among the dates', () => {
  const entries = computeTimeline(exam({ sittings: [sitting(), sitting({ id: 's0', starts_at: '2026-11-20T01:00:00Z', last_deadline: '2026-11-20T02:30:00Z' })] }), NOW)
  expect(entries.map((one) => one.when)).toEqual(['past', 'past', 'past', 'now', 'future', 'future'])
})
