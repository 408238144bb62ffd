/** The check-in's requests (`/api/checkin`), and the probes of the network step. */
import type { AccessPoint, CheckKind, CheckResult, Judging, Measured, PhoneView, Probe } from '@invigil/checkin'

import { credentials, request } from '../http/request.ts'

export interface CheckIn {
  needed: CheckKind[]
  open: CheckKind[]
  checks: CheckResult[]
  phone: PhoneView
  allows_several_screens: boolean
  judging: Judging
}

export const fetchCheckIn = (): Promise<CheckIn> => request('GET', '/api/checkin')

export const requestToken = (): Promise<{ token: string; expires_at: string }> => request('POST', '/api/checkin/pair', { body: {} })

export async function reportCheck(kind: CheckKind, measured: Measured): Promise<CheckResult> {
  const answer = await request<{ checks: CheckResult[] }>('POST', '/api/checkin/report', { body: { checks: [{ kind, measured }] } })
  const [result] = answer.checks
  if (result === undefined) throw new RangeError('a report without an answer')
  return result
}

/** Sound the ways to the access points as segments would take them; only our own server takes bytes that are no segment. */
export const probe: Probe = {
  now: () => performance.now(),
  ping: async (point, signal) => accept(await fetch(`${point.url}/api/media/probe`, { cache: 'no-store', credentials: 'omit', signal })),
  push: async (point, bytes, signal) => {
    if (point.url !== '') throw new RangeError('takes segments only')
    const headers = { 'Invigil-Ticket': credentials.ticket, 'X-Invigil-CSRF': credentials.csrf }
    accept(await fetch('/api/sit/recording/probe', { method: 'POST', headers, body: crypto.getRandomValues(new Uint8Array(Math.min(bytes, 65_536))), signal }))
  },
}

export const OWN_POINT: AccessPoint = { name: 'main', url: '' }

function accept(response: Response): void {
  if (!response.ok) throw new Error(`status ${response.status}`)
}
