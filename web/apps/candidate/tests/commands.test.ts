// @vitest-environment jsdom
import 'fake-indexeddb/auto'

import type { CommandMessage, ServerMessage } from '@invigil/protocol'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { attempt, beginAttempt, endAttempt } from '../src/sitting/attempt.ts'
import { acknowledgeNotice, carryOut, forgetCommands } from '../src/sitting/commands.ts'
import { handInNow } from '../src/sitting/handing-in.ts'
import { startSaving } from '../src/sitting/saving.ts'
import { entry, startServer, type TestServer } from './server.ts'

let server: TestServer
const told: unknown[] = []
const tell = (message: unknown): void => void told.push(message)
const command = (kind: CommandMessage['kind'], more: Partial<CommandMessage> = {}): CommandMessage => ({
  type: 'command', id: `c_${kind}`, kind, text: '', deadline: null, reason: '', requires_ack: true, ...more,
})
const hear = (...messages: ServerMessage[]): void => messages.forEach((message) => carryOut(message, tell))

beforeEach(async () => {
  endAttempt()
  forgetCommands()
  told.length = 0
  server = startServer()
  beginAttempt('sit_1', entry())
  attempt.phase = 'answering'
  await startSaving(entry())
})

describe('commands', () => {
  it('a warning stays until it is acknowledged, and the server hears that', () => {
    hear(command('warning', { text: '请坐好' }), command('warning', { text: '请坐好' }))
    expect(attempt.notices).toHaveLength(1)
    // Both are said to have arrived; it is shown once, and read once.
    expect(told).toEqual([{ type: 'delivered', id: 'c_warning' }, { type: 'delivered', id: 'c_warning' }])
    told.length = 0
    acknowledgeNotice(attempt.notices[0]!, tell)
    expect(attempt.notices).toHaveLength(0)
    expect(told).toEqual([{ type: 'ack', id: 'c_warning' }])
  })

  it('extra time moves the deadline and says why', () => {
    hear(command('extra_time', { deadline: '2099-11-22T04:00:00Z', reason: '断电' }))
    expect(attempt.deadline).toBe(Date.parse('2099-11-22T04:00:00Z'))
    expect(attempt.notices[0]?.reason).toBe('断电')
  })

  it.each([['pause', false], ['lock', true]] as const)('%s holds the desk until it is open again', (kind, isLocked) => {
    hear(command(kind, { reason: '核验' }))
    expect([attempt.phase, attempt.isLocked, attempt.pauseText]).toEqual(['paused', isLocked, '核验'])
    expect(told).toEqual([{ type: 'delivered', id: `c_${kind}` }, { type: 'ack', id: `c_${kind}` }])
    hear({ type: 'state', state: 'open', deadline: null, paused: false })
    expect([attempt.phase, attempt.isLocked]).toEqual(['answering', false])
  })

  it('a revoked seat moves away and says so', () => {
    hear(command('seat_revoked', { reason: '另一页面', requires_ack: false }))
    expect([attempt.phase, attempt.closedText]).toEqual(['moved', '另一页面'])
  })

  it.each([command('force_hand_in'), { type: 'state', state: 'auto_handed_in', deadline: null, paused: false } as const])('$type $kind hands in and brings the receipt', async (message) => {
    hear(message)
    expect(attempt.phase).toBe('closed')
    await vi.waitFor(() => expect(attempt.receipt?.receipt.number).toBe('AAAA-BBBB-CCCC'))
  })

  it('a terminated attempt is closed without a hand-in', () => {
    hear({ type: 'state', state: 'terminated', deadline: null, paused: false })
    expect([attempt.phase, server.handIns]).toEqual(['closed', 0])
  })

  it('a reopened attempt goes on when no receipt was given', () => {
    attempt.phase = 'closed'
    hear(command('reopen', { deadline: '2099-11-22T04:00:00Z' }))
    expect(attempt.phase).toBe('answering')
  })
})

describe('hand-in', () => {
  it('of an empty sheet has a seq above zero', async () => {
    const signed = await handInNow()
    expect(signed.receipt.seq).toBeGreaterThan(0)
  })

  it('passes on why the rules say no, and stays at the desk', async () => {
    server.refusals['/api/sit/hand-in'] = { status: 422, code: 'answering.hand_in_too_early' }
    await expect(handInNow()).rejects.toMatchObject({ code: 'answering.hand_in_too_early' })
    expect(attempt.phase).toBe('answering')
  })

  it('a terminated attempt says why, writes no more, and is not opened by a late command', () => {
    hear(command('terminate', { reason: '他人在场' }), { type: 'state', state: 'terminated', deadline: null, paused: false })
    expect([attempt.phase, attempt.isTerminated, attempt.closedText]).toEqual(['closed', true, '他人在场'])
    expect(attempt.notices).toEqual([])
  })

  it('a lock is lifted by its own command', () => {
    hear(command('lock', { reason: '核验' }), command('unlock'))
    expect([attempt.phase, attempt.isLocked]).toEqual(['answering', false])
    expect(attempt.notices.map((one) => one.kind)).toEqual(['unlock'])
  })
})
