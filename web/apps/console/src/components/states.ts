/** States of sittings as words and colours; the same everywhere. */
import type { Schemas } from '../api.ts'
import { defineMessages } from '../language.ts'

export type SittingState = Schemas['SittingState']
export type TagKind = 'primary' | 'success' | 'warning' | 'danger' | 'info'

export const sittingWords = defineMessages(
  {
    states: { draft: '草稿', locked: '已锁定', open: '已开放', running: '考核中', closed: '已结束', graded: '已评分', released: '已发布' } satisfies Record<SittingState, string>,
    kinds: { real: '正式考核', mock: '模拟考试' },
  },
  {
    states: { draft: 'Draft', locked: 'Locked', open: 'Open', running: 'Running', closed: 'Closed', graded: 'Graded', released: 'Released' },
    kinds: { real: 'Examination', mock: 'Mock' },
  },
)

export const SITTING_KINDS: Record<SittingState, TagKind> = {
  draft: 'info',
  locked: 'warning',
  open: 'primary',
  running: 'danger',
  closed: 'info',
  graded: 'warning',
  released: 'success',
}
