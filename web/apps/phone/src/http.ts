/** Asking the server as a phone: the ticket in `Invigil-Phone` proves who asks. */
import type { CheckKind, CheckResult, Judging, Measured } from '@invigil/checkin'

export class Refused extends Error {
  override name = 'Refused'
  readonly code: string
  readonly zh: string
  readonly en: string

  constructor(code: string, zh: string, en: string) {
    super(zh)
    this.code = code
    this.zh = zh
    this.en = en
  }
}

/** No usable answer: trying again is right. */
export class Unreachable extends Error {
  override name = 'Unreachable'
}

interface Picture {
  width: number
  height: number
  fps: number
  kbps: number
}

export interface PhoneEntry {
  /** Only in the answer to a claim. */
  ticket: string
  attempt_id: string
  attempt_state: string
  /** Masked: only the first character can be read. */
  name: string
  sitting_title: string
  room_name: string
  seat_number: number
  server_time: string
  starts_at: string
  deadline: string
  orientation: 'landscape' | 'portrait' | 'either'
  phone_epoch: number
  label: string
  needed: CheckKind[]
  checks: CheckResult[]
  judging: Judging
  recording: {
    public_key: string
    rules: {
      tracks: ('screen' | 'camera' | 'phone')[]
      screen: Picture
      camera: Picture
      phone: Picture
      audio_kbps: number
      segment_ms: number
      on_track_stopped: 'warn' | 'pause' | 'allow'
      phone_preview_ratio: number
      retention_days: number
    }
  }
}

export const pass = { ticket: '' }
const WITHIN_MS = 12_000

export const claim = (token: string, deviceId: string): Promise<PhoneEntry> =>
  ask('POST', '/api/phone/claim', { token, device: { device_id: deviceId, user_agent: navigator.userAgent.slice(0, 400) } })

export const fetchEntry = (): Promise<PhoneEntry> => ask('GET', '/api/phone/attempt')

export async function reportCheck(kind: CheckKind, measured: Measured): Promise<CheckResult> {
  const { checks } = await ask<{ checks: CheckResult[] }>('POST', '/api/phone/report', { checks: [{ kind, measured }] })
  const [result] = checks
  if (result === undefined) throw new Unreachable('a report without an answer')
  return result
}

export interface Step {
  n: number
  at_client: string
  kind: string
  detail: string
}

export const sendSteps = (events: Step[], keepalive = false): Promise<unknown> => ask('POST', '/api/phone/activity', { events }, keepalive)

async function ask<T>(method: string, path: string, body?: unknown, keepalive = false): Promise<T> {
  const response = await reach(method, path, body, keepalive)
  if (response.status >= 500) throw new Unreachable(`status ${response.status}`)
  const answer = (await response.json().catch(() => null)) as (T & { code?: string; message?: string; message_en?: string }) | null
  if (answer === null) throw new Unreachable('the answer broke off')
  if (!response.ok) throw new Refused(answer.code ?? '', answer.message ?? `${response.status}`, answer.message_en ?? `${response.status}`)
  return answer
}

async function reach(method: string, path: string, body: unknown, keepalive: boolean): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (pass.ticket) headers['Invigil-Phone'] = pass.ticket
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const given = new AbortController()
  const timer = setTimeout(() => given.abort(), WITHIN_MS)
  try {
    return await fetch(path, { method, headers, cache: 'no-store', credentials: 'omit', keepalive, signal: given.signal, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  } catch (fault) {
    throw new Unreachable('no answer', { cause: fault })
  } finally {
    clearTimeout(timer)
  }
}
