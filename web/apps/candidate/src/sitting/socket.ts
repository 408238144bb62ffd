/** The page's one socket: commands and time come down, heartbeats go up. Losing it never stops answering. */
import { outbox } from '@invigil/exam-core'
import { readCheckInMessage, readRecordingMessage, readServerMessage, writeStill, type ClientMessage } from '@invigil/protocol'
import { watch } from 'vue'

import { credentials } from '../http/request.ts'
import { attempt } from './attempt.ts'
import { checkInNews } from './check-in-news.ts'
import { carryOut, moveAway } from './commands.ts'
import { downKbps, readBattery } from './device.ts'
import { tellSocketState } from './link.ts'
import { commitOutlet, hearRecording, linkRecording, stillOutlet, trackNews, trackReports, wakeRecording } from './recording.ts'
import { answeredCount } from './answered.ts'
import { isPending, sheet } from './saving.ts'

const HEARTBEAT_MS = 10_000
/** Three heartbeats without a word from the server: the connection is half open, take a new one. */
const SILENCE_MS = 32_000
/** The server refused the hello (`invigil.sit.answering.socket`). */
const CLOSE_REFUSED = 4401

let socket: WebSocket | null = null
let heardAt = 0
let failures = 0
let isWanted = false
let retry: ReturnType<typeof setTimeout> | undefined
let heartbeat: ReturnType<typeof setInterval> | undefined
/** What the server must hear although the socket was down; the rest is told anew or not worth telling late. */
const KEPT: ReadonlySet<ClientMessage['type']> = new Set(['ack', 'delivered', 'chat', 'raise_hand'])
const unsent: ClientMessage[] = []

export function openSocket(): void {
  isWanted = true
  socket?.close()
  connect()
}

export function closeSocket(): void {
  isWanted = false
  clearTimeout(retry)
  clearInterval(heartbeat)
  socket?.close()
  socket = null
  linkRecording(false)
}

export function tellServer(message: ClientMessage): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
  else if (KEPT.has(message.type)) unsent.push(message)
}

addEventListener('online', () => socket?.readyState === WebSocket.OPEN || connect())

function connect(): void {
  if (!isWanted) return
  clearTimeout(retry)
  const mine = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/sit/socket`)
  socket = mine
  mine.onopen = () => greet(mine)
  mine.onmessage = (event) => mine === socket && hear(event.data)
  mine.onclose = (event) => lose(mine, event)
}

function greet(mine: WebSocket): void {
  failures = 0
  heardAt = performance.now()
  mine.send(JSON.stringify({ type: 'hello', ticket: credentials.ticket } satisfies ClientMessage))
  for (const message of unsent.splice(0)) mine.send(JSON.stringify(message))
  tellSocketState(true)
  linkRecording(true)
  tellTracks()
  wakeRecording()
  void tellHeartbeat()
  clearInterval(heartbeat)
  heartbeat = setInterval(beat, HEARTBEAT_MS)
}

function beat(): void {
  if (performance.now() - heardAt > SILENCE_MS) socket?.close()
  else void tellHeartbeat()
  tellTracks()
}

/** How the tracks stand: with every heartbeat, and at once when one starts or stops. */
function tellTracks(): void {
  const tracks = trackReports()
  if (tracks.length > 0) tellServer({ type: 'tracks', tracks })
}
watch(trackNews, tellTracks)

commitOutlet.send = (message) => {
  if (socket?.readyState !== WebSocket.OPEN) return false
  socket.send(JSON.stringify(message))
  return true
}

stillOutlet.send = (track, atMs, jpeg) => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(writeStill(track, atMs, jpeg))
}

/** How long the last heartbeat's answer took. */
let rttMs: number | null = null
let askedAt: number | null = null

async function tellHeartbeat(): Promise<void> {
  const power = await readBattery()
  askedAt = performance.now()
  tellServer({
    type: 'heartbeat',
    seq: sheet.value.seq,
    pending: isPending.value,
    item: attempt.currentItem,
    answered: answeredCount(),
    rtt_ms: rttMs,
    down_kbps: downKbps(),
    ...power,
  })
}

function hear(frame: unknown): void {
  heardAt = performance.now()
  const message = readServerMessage(frame)
  if (message?.type === 'time' && askedAt !== null) {
    rttMs = Math.round(heardAt - askedAt)
    askedAt = null
  }
  const answer = message === null ? readRecordingMessage(frame) : null
  if (message !== null) carryOut(message, tellServer)
  else if (answer !== null) hearRecording(answer)
  else checkInNews.value = readCheckInMessage(frame) ?? checkInNews.value
}

function lose(mine: WebSocket, event: CloseEvent): void {
  if (mine !== socket) return
  clearInterval(heartbeat)
  linkRecording(false)
  if (!isWanted) return
  if (event.reason === 'answering.seat_revoked') return moveAway('')
  if (event.code === CLOSE_REFUSED) attempt.isLoginLost = true
  failures += 1
  // One short loss (a server that restarts) is not worth a banner.
  if (failures > 1) tellSocketState(false)
  retry = setTimeout(connect, outbox.backoffMs(failures, Math.random()))
}
