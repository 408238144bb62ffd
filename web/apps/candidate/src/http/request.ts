import type { RefusalBody } from './types.ts'

/** The server understood and said no, with a reason to show. */
export class Refused extends Error {
  override name = 'Refused'
  readonly status: number
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly details: Record<string, unknown>

  constructor(status: number, body: RefusalBody) {
    super(body.message)
    this.status = status
    this.code = body.code
    this.zh = body.message
    this.en = body.message_en
    this.details = body.details ?? {}
  }
}

/** No usable answer came: no network, a time-out, an overloaded or restarting server. Trying again is right. */
export class Unreachable extends Error {
  override name = 'Unreachable'
}

/** What proves who asks. The cookie is the browser's; these two are in memory only. */
export const credentials = { csrf: '', ticket: '' }

export interface RequestOptions {
  body?: unknown
  /** JSON text that is sent as it stands (canonical sheets). */
  text?: string
  timeoutMs?: number
  /** The request may outlive the page. */
  keepalive?: boolean
}

const DEFAULT_TIMEOUT_MS = 10_000

/** Ask the server and return the decoded answer. Throws Refused, Unreachable. */
export async function request<T>(method: 'GET' | 'POST', path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, options)
  if (response.status === 204) return undefined as T
  try {
    return (await response.json()) as T
  } catch (fault) {
    throw new Unreachable('the answer broke off', { cause: fault })
  }
}

/** Fetch bytes (media). Throws Refused, Unreachable. */
export async function requestBlob(path: string): Promise<Blob> {
  const response = await send('GET', path, { timeoutMs: 60_000 })
  return response.blob()
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const response = await reach(method, path, options)
  if (response.ok) return response
  if (response.status >= 500) throw new Unreachable(`status ${response.status}`)
  throw new Refused(response.status, await readRefusal(response))
}

async function reach(method: string, path: string, options: RequestOptions): Promise<Response> {
  const init: RequestInit = { method, headers: headersFor(method, options), credentials: 'same-origin', cache: 'no-store' }
  const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body))
  if (body !== undefined) init.body = body
  if (options.keepalive) init.keepalive = true
  else init.signal = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
  try {
    return await fetch(path, init)
  } catch (fault) {
    throw new Unreachable('no answer', { cause: fault })
  }
}

function headersFor(method: string, options: RequestOptions): Headers {
  const headers = new Headers({ Accept: 'application/json' })
  if (options.body !== undefined || options.text !== undefined) headers.set('Content-Type', 'application/json')
  if (method !== 'GET') headers.set('X-Invigil-CSRF', credentials.csrf)
  if (credentials.ticket) headers.set('Invigil-Ticket', credentials.ticket)
  return headers
}

async function readRefusal(response: Response): Promise<RefusalBody> {
  try {
    const body = (await response.json()) as Partial<RefusalBody>
    if (typeof body.code === 'string') return { message: body.code, message_en: body.code, ...body } as RefusalBody
  } catch {
    // not the application's answer; the general sentence below is all that can be said
  }
  return { code: `http.${response.status}`, message: `服务器拒绝了这次请求（${response.status}）`, message_en: `The server refused (${response.status})` }
}
