import createClient, { type Client, type Middleware } from 'openapi-fetch'

import type { components, paths } from './schema.ts'

export type { components, paths }
export type ManagementApi = Client<paths>

/** What every refused request answers with. */
export interface RefusalBody {
  code: string
  message: string
  message_en: string
  details?: Record<string, unknown>
}

/** The server refused, with a reason to show. */
export class RefusedError extends Error {
  override name = 'RefusedError'
  readonly status: number
  readonly body: RefusalBody

  constructor(status: number, body: RefusalBody) {
    super(body.message)
    this.status = status
    this.body = body
  }
}

/** Return the typed client. csrf: read before each changing request, "" before login. Refusals are thrown as RefusedError. */
export function createManagementApi(csrf: () => string, baseUrl = ''): ManagementApi {
  const api = createClient<paths>({ baseUrl, credentials: 'same-origin' })
  api.use(carryCsrf(csrf), throwRefusals)
  return api
}

function carryCsrf(csrf: () => string): Middleware {
  return {
    onRequest({ request }) {
      if (request.method !== 'GET') request.headers.set('X-Invigil-CSRF', csrf())
      return request
    },
  }
}

const throwRefusals: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return
    throw new RefusedError(response.status, await readRefusal(response))
  },
}

async function readRefusal(response: Response): Promise<RefusalBody> {
  try {
    return (await response.clone().json()) as RefusalBody
  } catch {
    // a proxy or a crash answered, not the application
    return { code: 'http.unreadable', message: `服务器没有给出可读的回答（${response.status}）`, message_en: `Unreadable answer (${response.status})` }
  }
}
