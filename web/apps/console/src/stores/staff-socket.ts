/** The one socket of the console: topics are followed, stills come down, losing it is shown and mended by itself. */
import { follow, readStill, type Followed, type RefusedMessage, type SeatStill, type StaffClientMessage, type StaffServerMessage } from '@invigil/protocol'
import { defineStore } from 'pinia'
import { ref, shallowReactive } from 'vue'

import { lostLogins } from '../api.ts'

/** off: nobody follows anything. lost: down, the next try comes by itself. */
export type LinkState = 'off' | 'connecting' | 'open' | 'lost'

const HEARTBEAT_MS = 10_000
const SILENCE_MS = 32_000
const LEAST_WAIT_MS = 500
const MOST_WAIT_MS = 10_000
const REST_MS = 1_000
/** The server's close codes (`invigil.watch.board.socket`). */
const CLOSE_LOGIN_LOST = 4401

type WantStills = Extract<StaffClientMessage, { type: 'want_stills' }>
type StillReader = (still: SeatStill) => void

/** The connection itself. Nothing of it is told to pages but through the store below. */
class StaffLink {
  readonly state = ref<LinkState>('off')
  readonly topics = shallowReactive(new Map<string, Followed>())
  readonly refused = shallowReactive(new Map<string, RefusedMessage>())
  /** Server time minus this computer's, ms. */
  readonly clockOffsetMs = ref(0)
  private readonly followers = new Map<string, number>()
  private readonly stillReaders = new Set<StillReader>()
  private wanted: WantStills | null = null
  private socket: WebSocket | null = null
  private failures = 0
  private heardAt = 0
  private retry: ReturnType<typeof setTimeout> | undefined
  private heartbeat: ReturnType<typeof setInterval> | undefined

  private send(message: StaffClientMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message))
  }

  private connect(): void {
    clearTimeout(this.retry)
    if (this.followers.size === 0 || this.socket !== null) return
    this.state.value = this.failures > 0 ? 'lost' : 'connecting'
    const mine = new WebSocket(`wss://${location.host}/api/staff/socket`)
    mine.binaryType = 'arraybuffer'
    this.socket = mine
    mine.onopen = () => this.greet()
    mine.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.hear(event.data)
    mine.onclose = (event) => mine === this.socket && this.lose(event.code)
  }

  private greet(): void {
    this.failures = 0
    this.heardAt = performance.now()
    this.state.value = 'open'
    for (const topic of this.followers.keys()) this.watchFrom(topic)
    if (this.wanted !== null) this.send(this.wanted)
    clearInterval(this.heartbeat)
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS)
  }

  private beat(): void {
    if (performance.now() - this.heardAt > SILENCE_MS) this.socket?.close()
    else this.send({ type: 'heartbeat' })
  }

  private watchFrom(topic: string): void {
    this.send({ type: 'watch', topic, since: this.topics.get(topic)?.version ?? 0 })
  }

  private hear(frame: string | ArrayBuffer): void {
    this.heardAt = performance.now()
    if (typeof frame !== 'string') {
      const still = readStill(frame)
      if (still !== null) for (const read of this.stillReaders) read(still)
      return
    }
    const message = JSON.parse(frame) as StaffServerMessage
    if (message.type === 'time') this.clockOffsetMs.value = Date.parse(message.server_time) - Date.now()
    else if (message.type === 'refused') this.refused.set(message.topic, message)
    else if (this.followers.has(message.topic)) this.take(message)
  }

  private take(message: Extract<StaffServerMessage, { type: 'snapshot' | 'event' }>): void {
    const next = follow(this.topics.get(message.topic) ?? null, message)
    if (next !== null) this.topics.set(message.topic, next)
    else this.watchFrom(message.topic)
    this.refused.delete(message.topic)
  }

  private lose(code: number): void {
    clearInterval(this.heartbeat)
    this.socket = null
    if (this.followers.size === 0) return void (this.state.value = 'off')
    this.state.value = 'lost'
    if (code === CLOSE_LOGIN_LOST) return void (lostLogins.value += 1)
    this.failures += 1
    const wait = Math.min(MOST_WAIT_MS, LEAST_WAIT_MS * 2 ** Math.min(this.failures, 6)) * (0.5 + Math.random() / 2)
    this.retry = setTimeout(() => this.connect(), wait)
  }

  /** The network is back: do not wait. */
  hurry(): void {
    this.failures = 0
    this.connect()
  }

  watchTopic(topic: string): () => void {
    this.followers.set(topic, (this.followers.get(topic) ?? 0) + 1)
    if (this.followers.get(topic) === 1) this.send({ type: 'watch', topic, since: 0 })
    this.connect()
    return () => this.leave(topic)
  }

  private leave(topic: string): void {
    const left = (this.followers.get(topic) ?? 1) - 1
    if (left > 0) return void this.followers.set(topic, left)
    this.followers.delete(topic)
    this.topics.delete(topic)
    this.refused.delete(topic)
    this.send({ type: 'unwatch', topic })
    if (this.followers.size === 0) setTimeout(() => this.rest(), REST_MS)
  }

  /** Nobody follows anything: the socket is not needed. Going from page to page keeps it. */
  private rest(): void {
    if (this.followers.size > 0 || this.socket === null) return
    clearInterval(this.heartbeat)
    this.socket.close()
    this.socket = null
    this.wanted = null
    this.state.value = 'off'
  }

  wantStills(message: Omit<WantStills, 'type'>): void {
    this.wanted = { type: 'want_stills', ...message }
    this.send(this.wanted)
  }

  readStills(reader: StillReader): () => void {
    this.stillReaders.add(reader)
    return () => this.stillReaders.delete(reader)
  }
}

export const useStaffSocket = defineStore('staff-socket', () => {
  const link = new StaffLink()
  addEventListener('online', () => link.hurry())
  return {
    state: link.state,
    topics: link.topics,
    refused: link.refused,
    clockOffsetMs: link.clockOffsetMs,
    /** Follow a topic; call the answer to stop. Several parts of a page may follow the same one. */
    watchTopic: (topic: string) => link.watchTopic(topic),
    /** Say which stills are wanted from now on; what was wanted before is forgotten. */
    wantStills: (message: Omit<WantStills, 'type'>) => link.wantStills(message),
    readStills: (reader: StillReader) => link.readStills(reader),
  }
})
