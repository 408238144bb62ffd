/** The check-in's requests (`/api/checkin`), and the probes of the network step. */
import type { AccessPoint, CheckKind, CheckResult, Judging, Measured, PhoneView, Probe } from '@invigil/checkin'
import { sha256Hex } from '@invigil/exam-core'

import { request } from '../http/request.ts'

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

interface ParcelsAnswer {
  parcels: { urls: Record<string, string>; method: string; headers: Record<string, string> }[]
}

/** Sound the ways to the access points exactly as segments take them: by addresses that the server signs for each. */
export const probe: Probe = {
  now: () => performance.now(),
  // Any answer will do: an object store knows no such address, and says so as quickly.
  ping: async (point, signal) => void (await fetch(`${point.url}/api/media/probe`, { mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal })),
  prepare: async (sizes) => {
    const bodies = sizes.map(randomBytes)
    const parcels = await Promise.all(bodies.map(async (body) => ({ bytes: body.length, sha256: await sha256Hex(body) })))
    const answer = await request<ParcelsAnswer>('POST', '/api/sit/recording/probe', { body: { parcels } })
    return answer.parcels.map(({ urls, method, headers }, place) => {
      const body = bodies[place] ?? new Uint8Array()
      return {
        bytes: body.length,
        send: async (point, signal) => accept(await fetch(urls[point.name] ?? '', { method, headers, body, cache: 'no-store', credentials: 'omit', signal })),
      }
    })
  },
}

export const OWN_POINT: AccessPoint = { name: 'main', url: '' }

/** The browser draws at most 64 KiB at once. */
function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}

function accept(response: Response): void {
  if (!response.ok) throw new Error(`status ${response.status}`)
}
