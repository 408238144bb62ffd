import type { Schemas } from '../src/api.ts'

export const NOW = new Date('2026-11-23T02:00:00Z')

export function sitting(part: Partial<Schemas['SittingAnswer']> = {}): Schemas['SittingAnswer'] {
  return {
    id: 'sitting_1',
    exam_id: 'exam_1',
    kind: 'real',
    title: '第一场',
    subject_codes: ['A'],
    starts_at: '2026-11-28T01:00:00Z',
    ends_at: '2026-11-28T02:30:00Z',
    last_deadline: '2026-11-28T02:30:00Z',
    late_entry_until: '2026-11-28T01:30:00Z',
    state: 'draft',
    capacity: null,
    requires_mock: true,
    lock_proposed_by: '',
    locked_by: '',
    version: 1,
    ...part,
  }
}

export function exam(part: Partial<Schemas['ExamDetail']> = {}): Schemas['ExamDetail'] {
  return {
    id: 'exam_1',
    title: '考核',
    profile: 'beijing',
    is_mock_required: true,
    version: 1,
    created_at: '2026-11-01T00:00:00Z',
    sitting_count: 0,
    first_starts_at: null,
    last_starts_at: null,
    subjects: [{ code: 'A', title: 'A 类', paper_set_id: null, mock_paper_set_id: null }],
    sittings: [],
    agreement: null,
    ...part,
  }
}

