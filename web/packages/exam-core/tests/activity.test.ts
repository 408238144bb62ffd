import { describe, expect, it } from 'vitest'

import { batchAccepted, emptyLog, logStep, MAX_BATCH, MAX_WAITING, nextBatch, type ActivityKind } from '../src/index.ts'

const fill = (count: number, kind: ActivityKind, log = emptyLog()) => {
  for (let at = 0; at < count; at += 1) log = logStep(log, { at_client: at, kind })
  return log
}

describe('activity log', () => {
  it('numbers steps, hands them out in batches, keeps them until accepted', () => {
    const log = fill(MAX_BATCH + 5, 'answer_changed')
    const batch = nextBatch(log)
    expect(batch).toHaveLength(MAX_BATCH)
    expect(nextBatch(log)).toEqual(batch)
    expect(nextBatch(batchAccepted(log, MAX_BATCH)).map((step) => step.n)).toEqual([101, 102, 103, 104, 105])
  })

  it('drops harmless steps first in an endless outage', () => {
    const log = fill(MAX_WAITING, 'answer_changed', fill(3, 'screen_left'))
    expect(log.waiting).toHaveLength(MAX_WAITING)
    expect(log.waiting.filter((step) => step.kind === 'screen_left')).toHaveLength(3)
  })
})
