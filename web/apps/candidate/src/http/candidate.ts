import { credentials, request } from './request.ts'
import type { Candidate, LoginAnswer, MockSlot, SittingSummary } from './types.ts'

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

export const fetchSittings = (): Promise<SittingSummary[]> => request('GET', '/api/candidate/sittings')

export const fetchMockSlots = (): Promise<MockSlot[]> => request('GET', '/api/candidate/mock-slots')

export const bookMockSlot = (sittingId: string): Promise<unknown> =>
  request('POST', `/api/candidate/mock-slots/${encodeURIComponent(sittingId)}/book`, { body: {} })

function keep(answer: LoginAnswer): Candidate {
  credentials.csrf = answer.csrf
  return answer.candidate
}
