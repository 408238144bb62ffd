/** One track in one video element: what is wanted is fetched, opened and appended; what lies behind is given up. */
import type { Bytes } from '@invigil/exam-core'

import { endOfTake, type PlayedTake, type PlayedTrack } from './model.ts'
import { AHEAD_MS, BEHIND_MS, findTake, listWanted, nameOfPlace, spanOfPlace, type Place } from './places.ts'

/** Fetch a segment and return it opened. seq: 0 is the take's header. */
export type FetchSegment = (track: PlayedTrack, take: PlayedTake, seq: number, signal: AbortSignal) => Promise<Bytes>

/** shown: the instant is on the screen or will be at once. loading: on its way. gap: nothing was recorded. broken: it cannot be shown. */
export type FeedState = 'shown' | 'loading' | 'gap' | 'broken'

const RETRY_MS = 2_000

export class TrackFeed {
  readonly track: PlayedTrack
  readonly video: HTMLVideoElement
  fault: unknown = null
  private readonly source = new MediaSource()
  private readonly address: string
  private readonly stop = new AbortController()
  private readonly window: { from_ms: number; to_ms: number }
  private readonly fetchSegment: FetchSegment
  private buffer: SourceBuffer | null = null
  private take: PlayedTake | null = null
  private readonly appended = new Map<string, { from_ms: number; to_ms: number }>()
  private aimMs: number
  private aheadMs = AHEAD_MS
  private isPumping = false

  constructor(video: HTMLVideoElement, track: PlayedTrack, window: { from_ms: number; to_ms: number }, fetchSegment: FetchSegment) {
    this.video = video
    this.track = track
    this.window = window
    this.fetchSegment = fetchSegment
    this.aimMs = window.from_ms
    this.address = URL.createObjectURL(this.source)
    video.src = this.address
    this.source.addEventListener('sourceopen', () => void this.pump(), { signal: this.stop.signal })
  }

  /** The instant the element shows, on the server's clock. */
  get shownMs(): number {
    return this.window.from_ms + this.video.currentTime * 1000
  }

  /** Something that is wanted for the picture is on its way. */
  get isLoading(): boolean {
    return this.isPumping || this.source.readyState !== 'open'
  }

  /** Say which instant is shown or about to be, and how fast time goes; loads what is needed. */
  aim(atMs: number, rate = 1): void {
    this.aimMs = atMs
    this.aheadMs = AHEAD_MS * Math.max(1, rate)
    void this.pump()
  }

  /** Put the element at an instant. */
  jump(atMs: number): void {
    this.video.currentTime = Math.max(0, (atMs - this.window.from_ms) / 1000)
    this.aim(atMs)
  }

  stateAt(atMs: number): FeedState {
    if (this.fault !== null) return 'broken'
    if (findTake(this.track, atMs) === undefined) return 'gap'
    const at = (atMs - this.window.from_ms) / 1000
    const { buffered } = this.video
    for (let index = 0; index < buffered.length; index += 1) {
      if (buffered.start(index) - 0.15 <= at && at < buffered.end(index)) return 'shown'
    }
    return 'loading'
  }

  close(): void {
    this.stop.abort()
    this.video.removeAttribute('src')
    this.video.load()
    URL.revokeObjectURL(this.address)
  }

  private async pump(): Promise<void> {
    if (this.isPumping || this.source.readyState !== 'open') return
    this.isPumping = true
    try {
      for (let place = this.nextWanted(); place !== undefined; place = this.nextWanted()) {
        await this.evict()
        await this.load(place)
        this.fault = null
      }
    } catch (fault) {
      if (this.stop.signal.aborted) return
      this.fault = fault
      setTimeout(() => void this.pump(), RETRY_MS)
    } finally {
      this.isPumping = false
    }
  }

  private nextWanted() {
    if (this.stop.signal.aborted || this.source.readyState !== 'open') return undefined
    return listWanted(this.track, this.aimMs, this.aheadMs).find((place) => !this.appended.has(nameOfPlace(place)))
  }

  private async load(place: Place): Promise<void> {
    const { signal } = this.stop
    const { take, seq } = place
    const isBegun = this.take === take
    // Together: whoever jumps into another take waits for one way to the store, not for two.
    const [bytes, header] = await Promise.all([this.fetchSegment(this.track, take, seq, signal), isBegun ? null : this.fetchSegment(this.track, take, 0, signal)])
    if (header !== null) await this.beginTake(take, header)
    await this.append(bytes)
    this.appended.set(nameOfPlace(place), spanOfPlace(place))
  }

  /** A take has a header of its own, and its time 0 stands at its origin on the common clock. */
  private async beginTake(take: PlayedTake, header: Bytes): Promise<void> {
    if (this.buffer === null) this.openBuffer(take.mime)
    else this.buffer.changeType(take.mime)
    if (this.buffer !== null) this.buffer.timestampOffset = (take.origin_ms - this.window.from_ms) / 1000
    await this.append(header)
    this.take = take
  }

  private openBuffer(mime: string): void {
    this.buffer = this.source.addSourceBuffer(mime)
    this.buffer.mode = 'segments'
    this.source.duration = (this.window.to_ms - this.window.from_ms) / 1000
  }

  private append(bytes: Bytes): Promise<void> {
    return this.settled((buffer) => buffer.appendBuffer(bytes))
  }

  /** Give up what lies far behind or far ahead of where we are going, measured from the target and not from what is shown. */
  private async evict(): Promise<void> {
    if (this.buffer === null || this.buffer.buffered.length === 0) return
    const behind = this.aimMs - BEHIND_MS
    const beyond = this.aimMs + 3 * this.aheadMs
    // What loses its begin loses its key frame, and with it all its pictures; what loses its end must come again as well.
    for (const [name, span] of this.appended) {
      if (span.from_ms < behind || span.to_ms > beyond) this.appended.delete(name)
    }
    const [from, to] = [(behind - this.window.from_ms) / 1000, (beyond - this.window.from_ms) / 1000]
    if (from > 0 && this.buffer.buffered.start(0) < from) await this.settled((buffer) => buffer.remove(0, from))
    if (this.buffer.buffered.length > 0 && this.buffer.buffered.end(this.buffer.buffered.length - 1) > to) {
      await this.settled((buffer) => buffer.remove(to, Infinity))
    }
  }

  private settled(act: (buffer: SourceBuffer) => void): Promise<void> {
    const { buffer } = this
    if (buffer === null) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const ended = new AbortController()
      const finish = (end: () => void) => () => {
        ended.abort()
        end()
      }
      buffer.addEventListener('updateend', finish(resolve), { signal: ended.signal })
      buffer.addEventListener('error', finish(() => reject(new Error(`${this.track.track}: the browser cannot show this segment`))), { signal: ended.signal })
      act(buffer)
    })
  }

  /** The end of the track's last take; the window's start when there is none. */
  get endsMs(): number {
    return Math.max(this.window.from_ms, ...this.track.takes.map(endOfTake))
  }
}
