// @vitest-environment jsdom
import 'fake-indexeddb/auto'

import type { Recorder } from '@invigil/media'
import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'

import { finishCheckIn } from '../src/checkin/gate.ts'
import { attempt, beginAttempt, endAttempt } from '../src/sitting/attempt.ts'
import { startRecording } from '../src/sitting/recording.ts'
import { entry, startServer } from './server.ts'

const still = { state: 'off', cause: null, takeId: null, localSeq: 0, waitingBytes: 0, sinceMs: 0 }
const recorder = {
  record: vi.fn(),
  declareStandstill: vi.fn(),
  setLinked: vi.fn(),
  reopen: vi.fn(),
  view: () => ({ tracks: { screen: still, camera: still }, isDrained: true, waitingSegments: 0 }),
}
vi.mock('../src/recording/making.ts', () => ({ makeRecorder: async () => recorder as unknown as Recorder }))

beforeEach(() => {
  startServer()
  endAttempt()
  recorder.declareStandstill.mockClear()
})

it('declares nothing missing before the check-in is through, and what was not granted afterwards', async () => {
  const recording = { public_key: 'AA', rules: { tracks: ['screen', 'camera'] } }
  const entered = entry({ attempt_id: 'att_late', recording } as never)
  beginAttempt('sit_1', entered)
  Object.assign(attempt, { phase: 'answering' })
  await startRecording(entered)
  await flushPromises()
  expect(recorder.declareStandstill).not.toHaveBeenCalled()
  finishCheckIn()
  await flushPromises()
  expect(recorder.declareStandstill.mock.calls.map(([track, cause]) => [track, cause])).toEqual([
    ['camera', 'not_granted'],
    ['screen', 'not_granted'],
  ])
})
