import { credentials, request } from './request.ts'
import type { Candidate, LoginAnswer, MockSlot, OwnResult, SittingResult, SittingSummary } from './types.ts'

export async function logIn(loginName: string, password: string): Promise<Candidate> {
  return keep(await request<LoginAnswer>('POST', '/api/candidate/login', { body: { login_name: loginName, password } }))
}

/** Return who is logged in; throws Refused(401) when nobody is. */
export async function fetchMe(): Promise<Candidate> {
  return keep(await request<LoginAnswer>('GET', '/api/candidate/me'))
}

export async function logOut(): Promise<void> {
  await request('POST', '/api/candidate/logout', { body: {} })
  credentials.csrf = ''
  credentials.ticket = ''
}

/** One's own sittings, each with its result once that has been released. */
export async function fetchSittings(): Promise<SittingSummary[]> {
  const [sittings, results] = await Promise.all([
    request<Omit<SittingSummary, 'result'>[]>('GET', '/api/candidate/sittings'),
    request<{ items: OwnResult[] }>('GET', '/api/sit/results'),
  ])
  const bySitting = new Map(results.items.map((one) => [one.sitting_id, one]))
  return sittings.map((one) => ({ ...one, result: toResult(bySitting.get(one.sitting_id)) }))
}

const toResult = (own: OwnResult | undefined): SittingResult | null =>
  own === undefined ? null : { points: own.earned, total: own.full, passed: own.is_passed }

export const fetchMockSlots = (): Promise<MockSlot[]> => request('GET', '/api/candidate/mock-slots')

export const bookMockSlot = (sittingId: string): Promise<unknown> =>
  request('POST', `/api/candidate/mock-slots/${encodeURIComponent(sittingId)}/book`, { body: {} })

function keep(answer: LoginAnswer): Candidate {
  credentials.csrf = answer.csrf
  return answer.candidate
}
