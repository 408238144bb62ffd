import { expect, it } from 'vitest'

import { finishCheckIn, needsCheckIn } from '../src/checkin/gate.ts'
import { zh } from '../src/checkin/words.ts'
import type { EntryAnswer } from '../src/http/types.ts'
import { attempt } from '../src/sitting/attempt.ts'

function sit(id: string, tracks: string[] | null, phase: typeof attempt.phase = 'waiting', isFromKeptDesk = false): void {
  const recording = tracks === null ? undefined : { rules: { tracks } }
  Object.assign(attempt, { entry: { attempt_id: id, recording } as unknown as EntryAnswer, phase, isFromKeptDesk })
}

it('asks for nothing where nothing is recorded', () => {
  sit('att_1', [])
  expect(needsCheckIn.value).toBe(false)
  sit('att_1', null)
  expect(needsCheckIn.value).toBe(false)
})

it('stands before waiting room and desk until it is done for this attempt', () => {
  for (const phase of ['waiting', 'answering', 'paused'] as const) {
    sit('att_2', ['screen'], phase)
    expect(needsCheckIn.value).toBe(true)
  }
  finishCheckIn()
  expect(needsCheckIn.value).toBe(false)
  sit('att_3', ['screen'])
  expect(needsCheckIn.value).toBe(true)
})

it('keeps nobody from the answers: not without network, not after the end', () => {
  sit('att_4', ['screen', 'camera', 'phone'], 'answering', true)
  expect(needsCheckIn.value).toBe(false)
  sit('att_4', ['screen', 'camera', 'phone'], 'closed')
  expect(needsCheckIn.value).toBe(false)
})

it('has a sentence for every state of the phone', () => {
  for (const state of ['absent', 'checking', 'ready', 'recording', 'hidden', 'lost', 'finished']) expect(zh).toHaveProperty(`phone_state_${state}`)
})
