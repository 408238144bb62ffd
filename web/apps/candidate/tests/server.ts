/** A server of a few lines for tests: it keeps sheets by greatest seq, and can be away, slow to forget, or refuse. */
import { emptySheet, type AnswerSheet } from '@invigil/exam-core'
import { vi } from 'vitest'

import type { EntryAnswer } from '../src/http/types.ts'

export interface TestServer {
  sheet: AnswerSheet | null
  isAway: boolean
  /** The answer of the next requests whose path ends like this. */
  refusals: Record<string, { status: number; code: string }>
  requests: string[]
  handIns: number
  plays: Record<string, number>
}

export function startServer(): TestServer {
  const server: TestServer = { sheet: null, isAway: false, refusals: {}, requests: [], handIns: 0, plays: {} }
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => answer(server, path, init))
  return server
}

function answer(server: TestServer, path: string, init: RequestInit): Response {
  server.requests.push(path)
  if (server.isAway) throw new TypeError('no network')
  const refusal = server.refusals[path]
  if (refusal !== undefined) {
    return Response.json({ code: refusal.code, message: refusal.code, message_en: refusal.code, details: {} }, { status: refusal.status })
  }
  const body = typeof init.body === 'string' ? (JSON.parse(init.body) as { sheet?: AnswerSheet; plays?: Record<string, number> }) : {}
  const sheet = body.sheet
  if (sheet !== undefined && sheet.seq > (server.sheet?.seq ?? 0)) server.sheet = sheet
  if (path === '/api/sit/save') return Response.json({ seq: sheet?.seq, saved_at: '2025-11-22T02:32:07Z', sheet_sha256: '' })
  if (path === '/api/sit/hand-in') return handIn(server, sheet)
  if (path === '/api/sit/plays') return keepPlays(server, body.plays ?? {})
  return Response.json({})
}

function keepPlays(server: TestServer, plays: Record<string, number>): Response {
  for (const [place, count] of Object.entries(plays)) server.plays[place] = Math.max(count, server.plays[place] ?? 0)
  return Response.json({ plays: server.plays })
}

function handIn(server: TestServer, sheet: AnswerSheet | undefined): Response {
  server.handIns += 1
  const receipt = { v: 1, attempt: 'att_1', seq: sheet?.seq, sheet_sha256: '', handed_in_at: '2025-11-22T02:40:00Z', number: 'AAAA-BBBB-CCCC' }
  return Response.json({ receipt, signature: 'AA', key_id: 'k' })
}

export function entry(more: Partial<EntryAnswer> = {}): EntryAnswer {
  return {
    attempt_id: 'att_1', attempt_state: 'open', ticket: 't', seat_epoch: 1, server_time: '2025-11-22T02:00:00Z',
    starts_at: '2025-11-22T02:00:00Z', deadline: '2099-11-22T03:30:00Z', hand_in_allowed_from: null, rules: {}, consent: null,
    sheet: null, seq: 0, paused: false, room_name: '3', seat_number: 7, receipt: null, signing_key: '', rescue_key: '', plays: {}, ...more,
  }
}

export const blank = (attempt = 'att_1'): AnswerSheet => emptySheet(attempt)
