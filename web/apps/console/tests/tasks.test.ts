import { expect, test } from 'vitest'

import { computeTasks, type TasksInput } from '../src/pages/dashboard/tasks.ts'
import { exam, NOW, sitting } from './examples.ts'

const keys = (part: Partial<TasksInput>) => computeTasks({ me: { id: 'me', roles: ['administrator'] }, now: NOW, ...part }).map((one) => one.key)

test('a lock proposed by another waits for me, my own does not', () => {
  const sittings = [sitting({ id: 'a', lock_proposed_by: 'other' }), sitting({ id: 'b', lock_proposed_by: 'me' })]
  const found = keys({ exam: exam({ sittings }) })
  expect(found).toContain('lock-a')
  expect(found).not.toContain('lock-b')
})

test('only the board signs', () => {
  const plan = { state: 'submitted', reason: '', confirmations: [{ state: 'submitted', number: 'KCQR-1', candidates: 60 }] } as unknown as NonNullable<TasksInput['plan']>
  expect(keys({ plan })).not.toContain('sign')
  expect(keys({ plan, me: { id: 'me', roles: ['board_official'] } })).toContain('sign')
})

test('what is urgent comes first', () => {
  const sittings = [sitting({ id: 'draft' }), sitting({ id: 'now', state: 'running', starts_at: '2026-11-23T01:30:00Z' })]
  expect(keys({ exam: exam({ sittings }), pendingChanges: 2 }).slice(0, 2).sort()).toEqual(['changes', 'running-now'])
})

const gap = { code: 'agreement', title_zh: '协议', title_en: 'Agreement', state: 'missing', detail_zh: '', detail_en: '', who_must_act: 'administrator', link: '/exams/exam_1?tab=agreement' } as const

test('what the checklist misses waits for whoever must act', () => {
  const checklist = [gap, { ...gap, code: 'photos', state: 'warning' as const }, { ...gap, code: 'confirmation', who_must_act: 'board_official' as const }]
  expect(keys({ exam: exam(), checklist })).toEqual(['gap-agreement'])
  expect(computeTasks({ me: { id: 'me', roles: ['board_official'] }, now: NOW, exam: exam(), checklist }).map((one) => one.to)).toEqual([gap.link])
})

test('a release that needs the board does not wait for another administrator', () => {
  const run = { id: 'r', state: 'proposed', proposed_by: 'other', needs_board: true } as unknown as NonNullable<TasksInput['runs']>[number]
  expect(keys({ runs: [run] })).not.toContain('release')
  expect(keys({ runs: [{ ...run, needs_board: false }] })).toContain('release')
  expect(keys({ runs: [run], me: { id: 'me', roles: ['board_official'] } })).toContain('release')
})

test('an examination that is over has no gaps in its preparation', () => {
  const over = sitting({ state: 'released', starts_at: '2026-11-01T01:00:00Z', last_deadline: '2026-11-01T02:30:00Z' })
  expect(keys({ exam: exam({ sittings: [over] }), checklist: [gap] })).toEqual([])
})

test('a proctor is not told what administrators must do', () => {
  expect(keys({ exam: exam(), checklist: [gap], me: { id: 'me', roles: ['proctor'] } })).toEqual([])
})
