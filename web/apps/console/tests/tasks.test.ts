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

test('an examination that is over has no gaps in its preparation', () => {
  const over = sitting({ state: 'released', starts_at: '2026-11-01T01:00:00Z', last_deadline: '2026-11-01T02:30:00Z' })
  expect(keys({ exam: exam({ sittings: [over] }) })).toEqual([])
})

test('a proctor is not told what administrators must do', () => {
  expect(keys({ exam: exam(), me: { id: 'me', roles: ['proctor'] } })).toEqual([])
})
