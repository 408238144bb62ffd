import { canonicalText, type ActivityStep, type AnswerSheet, type SealedPaper, type SignedReceipt } from '@invigil/exam-core'

import { credentials, request, requestBlob } from './request.ts'
import type { EntryAnswer, SaveAnswer } from './types.ts'

export interface Entering {
  sitting_id: string
  consent_version: string | null
  takeover: boolean
}

/** What the server keeps about the computer: enough to help on the telephone, nothing that identifies a person. */
function describeDevice(): Record<string, string | number | boolean> {
  return {
    user_agent: navigator.userAgent.slice(0, 300),
    language: navigator.language,
    screen: `${screen.width}x${screen.height}`,
    window: `${innerWidth}x${innerHeight}`,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    cores: navigator.hardwareConcurrency,
  }
}

export async function enterSitting(entering: Entering): Promise<EntryAnswer> {
  const answer = await request<EntryAnswer>('POST', '/api/sit/enter', { body: { ...entering, device: describeDevice() } })
  credentials.ticket = answer.ticket
  return answer
}

export const fetchTime = (): Promise<{ server_time: string }> => request('GET', '/api/sit/time', { timeoutMs: 5_000 })

export const fetchSealedPaper = (): Promise<SealedPaper> => request('GET', '/api/sit/paper', { timeoutMs: 30_000 })

export const fetchPaperKey = (): Promise<{ key: string }> => request('GET', '/api/sit/paper-key', { timeoutMs: 5_000 })

export const fetchMedia = (id: string): Promise<Blob> => requestBlob(`/api/sit/media/${encodeURIComponent(id)}`)

export const saveSheet = (sheet: AnswerSheet, keepalive = false): Promise<SaveAnswer> =>
  request('POST', '/api/sit/save', { text: canonicalText({ sheet }), timeoutMs: 8_000, keepalive })

export const handIn = (sheet: AnswerSheet, confirmedUnanswered: number): Promise<SignedReceipt> =>
  request('POST', '/api/sit/hand-in', { text: canonicalText({ sheet, confirmed_unanswered: confirmedUnanswered }), timeoutMs: 15_000 })

/** Return how often each medium was played as it stands at the server now. The request outlives a reload that comes at once. */
export const sendPlays = async (plays: Record<string, number>): Promise<Record<string, number>> =>
  (await request<{ plays: Record<string, number> }>('POST', '/api/sit/plays', { body: { plays }, keepalive: true })).plays

export const sendActivity = (steps: readonly ActivityStep[], keepalive = false): Promise<unknown> =>
  request('POST', '/api/sit/activity', {
    body: { events: steps.map((step) => ({ ...step, at_client: new Date(step.at_client).toISOString() })) },
    keepalive,
  })
