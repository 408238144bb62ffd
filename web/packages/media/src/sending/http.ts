/** The recording interface of the server, and PUTs to access points. Source: S3.14 */
import type { Bytes } from '@invigil/exam-core'

import type { AccessPoint, CommitAnswer, CommitBody, SegmentBody, TakeBody, Target, TargetsAnswer } from '../model.ts'
import { HashMismatch, LoginLost, Rejected, TargetExpired, Unreachable } from './faults.ts'

export interface RecordingServer {
  register(take: TakeBody): Promise<void>
  targets(segments: readonly Pick<SegmentBody, 'take_id' | 'seq' | 'sha256' | 'bytes'>[]): Promise<TargetsAnswer>
  put(url: string, target: Target, body: Bytes): Promise<void>
  commit(body: CommitBody): Promise<CommitAnswer>
  /** Resolves as soon as the access point answers anything at all. Throws Unreachable. */
  probe(point: AccessPoint): Promise<void>
}

const ASK_TIMEOUT_MS = 15_000
/** A segment of 300 kB on a line of 50 kbit/s. */
const PUT_TIMEOUT_MS = 60_000
const PROBE_TIMEOUT_MS = 5_000

/** Ask over HTTP. headers: what proves who asks, at this moment. */
export function overHttp(headers: () => Record<string, string>): RecordingServer {
  async function ask<T>(path: string, body: unknown): Promise<T> {
    const init = { method: 'POST', headers: { ...headers(), 'Content-Type': 'application/json' }, body: JSON.stringify(body), credentials: 'same-origin' } as const
    const response = await reach(path, init, ASK_TIMEOUT_MS)
    if (!response.ok) throw faultOf(response.status, path)
    return (await response.json().catch((fault: unknown) => Promise.reject(new Unreachable('the answer broke off', { cause: fault })))) as T
  }
  return {
    register: (take) => ask('/api/sit/recording/takes', take),
    targets: (segments) => ask('/api/sit/recording/targets', { segments: segments.map(({ take_id, seq, sha256, bytes }) => ({ take_id, seq, sha256, bytes })) }),
    commit: (body) => ask('/api/sit/recording/commit', body),
    put,
    probe,
  }
}

async function put(url: string, target: Target, body: Bytes): Promise<void> {
  const init: RequestInit = { method: target.method ?? 'PUT', headers: target.headers ?? {}, body, credentials: 'omit', referrerPolicy: 'no-referrer' }
  const response = await reach(url, init, PUT_TIMEOUT_MS)
  if (response.ok) return
  if (response.status === 403) throw new TargetExpired('the signed address has run out')
  // 400: an S3-compatible store says BadDigest.
  if (response.status === 422 || response.status === 400) throw new HashMismatch('other bytes arrived than were sent')
  throw faultOf(response.status, 'put')
}

async function probe(point: AccessPoint): Promise<void> {
  // Only whether and how fast it answers counts, so any status will do, and no permission to read the answer is needed.
  await reach(`${point.url}/api/media/probe`, { mode: 'no-cors', credentials: 'omit' }, PROBE_TIMEOUT_MS)
}

async function reach(url: string, init: RequestInit, timeoutMs: number): Promise<Response> {
  try {
    return await fetch(url, { ...init, cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) })
  } catch (fault) {
    throw new Unreachable('no answer', { cause: fault })
  }
}

/** Return what an answer with this status means for what waits here. */
export function faultOf(status: number, what: string): Error {
  if (status === 401) return new LoginLost(what)
  const isForNow = status >= 500 || status === 429 || status === 408
  return isForNow ? new Unreachable(`${what}: status ${status}`) : new Rejected(status, what)
}
