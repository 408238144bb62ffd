/** The phone's one socket: its word and its stills go up, time and the attempt's state come down. */
import { readPhoneMessage, readRecordingMessage, writeStill, type PhoneClientMessage, type PhoneServerMessage, type PhoneStatusMessage } from '@invigil/protocol'
import { watch } from 'vue'

import { learnTime, serverNow } from './clock.ts'
import { fetchEntry, pass } from './http.ts'
import { logStep } from './log.ts'
import { commitOutlet, finishRecording, hearRecording, linkRecording, recording, sendStills, trackReport } from './recording.ts'
import { phone } from './state.ts'

const HEARTBEAT_MS = 10_000
const SILENCE_MS = 32_000
const RETRY_MS = [1_000, 2_000, 4_000, 8_000]
const CLOSE_REFUSED = 4401
const OVER: ReadonlySet<string> = new Set(['handed_in', 'auto_handed_in', 'terminated'])

let socket: WebSocket | null = null
let failures = 0
let heardAt = 0
let saidAt = 0
let retry: ReturnType<typeof setTimeout> | undefined

export function openSocket(): void {
  clearTimeout(retry)
  const before = socket
  const mine = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/phone/socket`)
  socket = mine
  before?.close()
  mine.onopen = () => greet(mine)
  mine.onmessage = (event) => mine === socket && hear(event.data)
  mine.onclose = (event) => lose(mine, event)
}

export function tell(message: PhoneClientMessage): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
}

commitOutlet.send = (message) => {
  if (socket?.readyState !== WebSocket.OPEN) return false
  socket.send(JSON.stringify(message))
  return true
}

export function sendStill(atMs: number, jpeg: Uint8Array): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(writeStill('phone', atMs, jpeg))
}

export function signal(kind: string, detail = ''): void {
  tell({ type: 'signal', kind, at_ms: Math.round(serverNow()), detail, item: '' })
}

function greet(mine: WebSocket): void {
  failures = 0
  heardAt = Date.now()
  mine.send(JSON.stringify({ type: 'hello', ticket: pass.ticket } satisfies PhoneClientMessage))
  phone.isLinked = true
  linkRecording(true)
  sayStatus()
}

function ownState(): PhoneStatusMessage['state'] {
  if (phone.stage === 'finished') return 'finished'
  if (phone.isHidden) return 'hidden'
  return phone.stage === 'recording' ? 'recording' : 'checking'
}

export function sayStatus(): void {
  if (phone.entry === null) return
  saidAt = Date.now()
  tell({ type: 'phone_status', state: ownState(), battery: phone.battery, is_charging: phone.isCharging })
  const report = trackReport()
  if (report !== null) tell({ type: 'tracks', tracks: [report] })
}

function hear(frame: unknown): void {
  heardAt = Date.now()
  const message = readPhoneMessage(frame)
  const answer = message === null ? readRecordingMessage(frame) : null
  if (message !== null) obey(message)
  else if (answer !== null) hearRecording(answer)
}

function obey(message: PhoneServerMessage): void {
  if (message.type === 'time') learnTime(message.server_time, saidAt, heardAt)
  else if (message.type === 'stills') sendStills(message.interval_ms)
  else if (message.type === 'checks') void renewChecks()
  else if (message.type === 'replaced') leaveTo('replaced')
  else if (OVER.has(message.state)) leaveTo('finished')
}

/** Staff let something through. */
async function renewChecks(): Promise<void> {
  const entry = await fetchEntry().catch(() => null) // the next status shows it as well
  if (entry !== null) phone.checks = entry.checks
}

export function leaveTo(stage: 'replaced' | 'finished'): void {
  if (phone.stage === stage) return
  phone.stage = stage
  logStep(stage === 'replaced' ? 'phone_replaced' : 'phone_finished')
  finishRecording(stage)
  if (stage === 'finished') sayStatus()
}

function lose(mine: WebSocket, event: CloseEvent): void {
  if (mine !== socket) return
  phone.isLinked = false
  linkRecording(false)
  if (event.code === CLOSE_REFUSED && event.reason === 'checkin.phone_replaced') return leaveTo('replaced')
  if (event.code === CLOSE_REFUSED || phone.stage === 'replaced') return
  retry = setTimeout(openSocket, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)])
  failures += 1
}

setInterval(() => {
  if (socket?.readyState !== WebSocket.OPEN) return
  if (Date.now() - heardAt > SILENCE_MS) socket.close()
  else if (Date.now() - saidAt > HEARTBEAT_MS) sayStatus()
}, 1_000)
watch(() => [phone.stage, phone.isHidden, phone.isCharging, recording.value?.tracks.phone.state], sayStatus)
