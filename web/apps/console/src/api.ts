/** The management API as the pages use it: typed, with refusals in the language of the page. */
import { createManagementApi, RefusedError, type components, type paths } from '@invigil/api'
import { computed, ref } from 'vue'

import { defineMessages, inLanguage, language } from './language.ts'

export type Schemas = components['schemas']
/** What GET of a path answers; for answers whose schema names are not unique. */
export type AnswerOf<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: { content: { 'application/json': infer Answer } } } } } ? Answer : never
export { RefusedError }

/** The token every change must carry; "" while nobody is logged in. */
export const csrfToken = ref('')

/** Counts logins lost while working, so that the shell can send the person to the login page and back. */
export const lostLogins = ref(0)

export const api = createManagementApi(() => csrfToken.value)

/** Return the answer's body; a 204 gives undefined. Throws RefusedError, or TypeError without network. */
export async function take<T>(asked: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  try {
    return (await asked).data as NonNullable<T>
  } catch (fault) {
    if (isLoginLost(fault)) lostLogins.value += 1
    throw fault
  }
}

/** Tell whether the refusal means that the login has ended. */
export function isLoginLost(fault: unknown): boolean {
  return codeOf(fault) === 'accounts.not_logged_in'
}

/** Return the refusal's stable code, "" for any other fault. */
export function codeOf(fault: unknown): string {
  return fault instanceof RefusedError ? fault.body.code : ''
}

/** Return one of the refusal's details. */
export function detailOf(fault: unknown, name: string): unknown {
  return fault instanceof RefusedError ? fault.body.details?.[name] : undefined
}

const text = defineMessages(
  {
    network: '连不上服务器，请检查网络后重试。',
    unknown: '出现未预料的错误，请重试；若仍不行，请联系运维。',
    badInput: (places: string) => `以下内容需要修改：${places}`,
  },
  {
    network: 'The server cannot be reached. Check the network and try again.',
    unknown: 'Something unexpected happened. Try again, or tell operations.',
    badInput: (places: string) => `These parts need correction: ${places}`,
  },
)

/** Return the sentence to show for a fault, in the language of the page. */
export function sentenceOf(fault: unknown): string {
  if (fault instanceof RefusedError) return refusalSentence(fault)
  if (fault instanceof TypeError) return text.value.network
  return text.value.unknown
}

function refusalSentence(fault: RefusedError): string {
  const places = badPlaces(fault)
  if (places) return text.value.badInput(places)
  return inLanguage(fault.body.message, fault.body.message_en)
}

function badPlaces(fault: RefusedError): string {
  if (fault.body.code !== 'http.bad_input') return ''
  const errors = fault.body.details?.['errors']
  if (!Array.isArray(errors)) return ''
  const lines = errors as { at?: string; reason?: string }[]
  return lines.map((error) => `${(error.at ?? '').replace(/^body\./, '')} (${error.reason ?? ''})`).join(inLanguage('；', '; '))
}

/** POST a file, alone as the body (its name in a header, since addresses end up in logs) or within a form. onProgress: share sent, 0..1. */
export function upload<T>(path: string, body: FormData | File, onProgress?: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.setRequestHeader('X-Invigil-CSRF', csrfToken.value)
    if (body instanceof File) {
      request.setRequestHeader('Content-Type', 'application/octet-stream')
      request.setRequestHeader('X-File-Name', encodeURIComponent(body.name))
    }
    request.responseType = 'json'
    request.upload.onprogress = (event) => event.lengthComputable && onProgress?.(event.loaded / event.total)
    request.onerror = () => reject(new TypeError('network'))
    request.onload = () => {
      if (request.status < 300) resolve(request.response as T)
      else reject(refusedUpload(request))
    }
    request.send(body)
  })
}

function refusedUpload(request: XMLHttpRequest): RefusedError {
  const body = request.response as RefusedError['body'] | null
  const fault = new RefusedError(request.status, body ?? { code: 'http.unreadable', message: `${request.status}`, message_en: `${request.status}` })
  if (isLoginLost(fault)) lostLogins.value += 1
  return fault
}

/** Start the browser's download of a file the server names itself. */
export function download(path: string): void {
  const link = document.createElement('a')
  link.href = path
  link.download = ''
  document.body.append(link)
  link.click()
  link.remove()
}

/** POST and keep the answer as a file; for documents that are made by a recorded act. */
export async function downloadByPost(path: string, fallbackName: string, body?: unknown): Promise<void> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'X-Invigil-CSRF': csrfToken.value, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new RefusedError(response.status, (await response.json()) as RefusedError['body'])
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = nameOf(response) || fallbackName
  link.click()
  URL.revokeObjectURL(link.href)
}

function nameOf(response: Response): string {
  const header = response.headers.get('Content-Disposition') ?? ''
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1]
  return encoded ? decodeURIComponent(encoded) : (/filename="?([^";]+)"?/i.exec(header)?.[1] ?? '')
}

export const isEnglish = computed(() => language.value === 'en')
