// @vitest-environment jsdom
import { chooseOne } from '@invigil/exam-core'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import type * as Attempt from '../src/sitting/attempt.ts'
import type * as Saving from '../src/sitting/saving.ts'
import { entry, startServer, type TestServer } from './server.ts'

let server: TestServer
let saving: typeof Saving
let attempts: typeof Attempt
const timers = vi.spyOn(globalThis, 'setInterval')

/** The page dies: nothing of it runs on. */
function closePage(): void {
  for (const { value } of timers.mock.results) clearInterval(value as ReturnType<typeof setInterval>)
  timers.mockClear()
}

/** A fresh page over the same local storage. */
async function openPage(more: Parameters<typeof entry>[0] = {}): Promise<void> {
  closePage()
  vi.resetModules()
  saving = await import('../src/sitting/saving.ts')
  attempts = await import('../src/sitting/attempt.ts')
  const answer = entry({ sheet: server.sheet, seq: server.sheet?.seq ?? 0, ...more })
  attempts.beginAttempt('sit_1', answer)
  attempts.attempt.phase = 'answering'
  await saving.startSaving(answer)
}

const choose = (item: string, letter: string): boolean => saving.editSheet((sheet) => chooseOne(sheet, item, letter))
const until = (what: () => boolean): Promise<void> => vi.waitFor(() => expect(what()).toBe(true), { timeout: 4_000, interval: 20 })

beforeEach(async () => {
  vi.unstubAllGlobals()
  vi.stubGlobal('indexedDB', new IDBFactory())
  server = startServer()
  await openPage()
})

describe('saving', () => {
  it('says saved only when the server has it', async () => {
    choose('i1', 'B')
    expect(saving.saveState.value).toBe('saving')
    await until(() => saving.saveState.value === 'saved')
    expect(server.sheet?.answers).toEqual({ i1: { c: 'B' } })
    expect(saving.savedAt.value).toBe(Date.parse('2025-11-22T02:32:07Z'))
  })

  it('goes offline without losing the edit, and delivers when the server is back', async () => {
    server.isAway = true
    choose('i1', 'B')
    await until(() => saving.saveState.value === 'offline')
    choose('i2', 'C')
    server.isAway = false
    saving.noticeLink()
    await until(() => saving.saveState.value === 'saved')
    expect(server.sheet?.answers).toEqual({ i1: { c: 'B' }, i2: { c: 'C' } })
  })

  it('restores after a reload what never reached the server', async () => {
    server.isAway = true
    choose('i1', 'D')
    await until(() => saving.saveState.value === 'offline')
    await openPage({ seat_epoch: 2 })
    expect(saving.sheet.value.answers).toEqual({ i1: { c: 'D' } })
    server.isAway = false
    saving.noticeLink()
    await until(() => saving.saveState.value === 'saved')
    expect(server.sheet?.answers).toEqual({ i1: { c: 'D' } })
  })

  it('takes the newer sheet of another computer', async () => {
    choose('i1', 'A')
    await until(() => saving.saveState.value === 'saved')
    const elsewhere = { ...saving.sheet.value, seq: 5_000, answers: { i9: { c: 'E' } } }
    await openPage({ sheet: elsewhere, seq: 5_000, seat_epoch: 5 })
    expect(saving.sheet.value).toEqual(elsewhere)
    expect(saving.saveState.value).toBe('saved')
  })

  it('gives the answers a new seq when the server has another sheet under the old one', async () => {
    server.refusals['/api/sit/save'] = { status: 409, code: 'answering.seq_conflict' }
    choose('i1', 'A')
    const first = saving.sheet.value.seq
    await until(() => saving.sheet.value.seq > first)
    server.refusals = {}
    await until(() => saving.saveState.value === 'saved')
    expect(server.sheet?.seq).toBeGreaterThan(first)
  })

  it.each([
    ['answering.attempt_paused', 423, 'paused'],
    ['answering.attempt_locked', 423, 'paused'],
    ['answering.seat_revoked', 409, 'moved'],
  ])('%s stops writing and keeps the edit', async (code, status, phase) => {
    server.refusals['/api/sit/save'] = { status, code }
    choose('i1', 'A')
    await until(() => saving.saveState.value === 'halted')
    expect(attempts.attempt.phase).toBe(phase)
    expect(choose('i1', 'B')).toBe(false)
    expect(saving.sheet.value.answers).toEqual({ i1: { c: 'A' } })
  })

  it('saves to the server even when local storage is broken', async () => {
    vi.stubGlobal('indexedDB', { open: () => { throw new Error('no storage') } })
    await openPage()
    choose('i3', 'C')
    await until(() => server.sheet !== null && saving.saveState.value === 'saved')
    expect(saving.isStorageBroken.value).toBe(true)
  })

  it('sends what is pending when the page goes away', async () => {
    choose('i1', 'B')
    saving.flushSaving()
    await until(() => server.sheet?.answers['i1'] !== undefined)
  })
})
