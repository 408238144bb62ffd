import { expect, it } from 'vitest'

import { piecesOf, shareStored } from '../src/pages/watch/coverage.ts'

const track = (more: object) => ({ track: 'camera', required: true, window: { from_ms: 1000, to_ms: 11_000 }, stored: [], gaps: [], stored_ms: 0, gap_ms: 0, stored_until_ms: null, lag_ms: 0, takes: [], ...more })
const gap = (from_ms: number, to_ms: number, cause_zh: string) => ({ from_ms, to_ms, cause: 'reload', cause_zh, is_declared: true })

it('a bar tells by time what is stored and why something is missing', () => {
  const some = track({ stored: [{ from_ms: 6000, to_ms: 11_000 }, { from_ms: 1000, to_ms: 3000 }], gaps: [gap(3000, 6000, '刷新页面')] })
  expect(piecesOf(some).map((one) => [one.kind, one.left, one.width, one.cause])).toEqual([
    ['stored', 0, 0.2, ''],
    ['gap', 0.2, 0.3, '刷新页面'],
    ['stored', 0.5, 0.5, ''],
  ])
  expect(shareStored(some)).toBeCloseTo(0.7)
})

it('what lies outside the time that had to be recorded is cut off', () => {
  const some = track({ stored: [{ from_ms: 0, to_ms: 6000 }, { from_ms: 12_000, to_ms: 13_000 }] })
  expect(piecesOf(some).map((one) => [one.fromMs, one.toMs])).toEqual([[1000, 6000]])
})

it('nothing had to be recorded yet', () => {
  expect(piecesOf(track({ window: null }))).toEqual([])
  expect(shareStored(track({ window: { from_ms: 5, to_ms: 5 } }))).toBeNull()
})
