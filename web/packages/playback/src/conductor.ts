/** All tracks on one clock: play, pause, speed, jump, step; every track is held to the clock, not to another track. */
import type { TrackFeed } from './feed.ts'
import { computeCorrection } from './pace.ts'
import { skipQuiet, type Stretch } from './quiet.ts'

const TICK_MS = 100
export const SPEEDS = [0.5, 1, 1.5, 2, 4, 8] as const
/** A browser plays sound and picture of one element up to this speed; beyond it we would have to jump. */
const FRAME_MS = 100

export interface Conducted {
  atMs: number
  isPlaying: boolean
  /** Time stands still because a track that has a picture for this instant does not have it yet. */
  isWaiting: boolean
  rate: number
}

export class Conductor {
  quiet: readonly Stretch[] = []
  private readonly feeds: readonly TrackFeed[]
  private readonly window: Stretch
  private readonly tell: (now: Conducted) => void
  private readonly timer: ReturnType<typeof setInterval>
  private atMs: number
  private rate = 1
  private isPlaying = false
  private isWaiting = false
  private tickedAt = 0

  /** tell: called after every tick with where we are. */
  constructor(feeds: readonly TrackFeed[], window: Stretch, tell: (now: Conducted) => void) {
    this.feeds = feeds
    this.window = window
    this.tell = tell
    this.atMs = window.from_ms
    this.timer = setInterval(() => this.tick(), TICK_MS)
    this.seek(window.from_ms)
  }

  play(): void {
    if (this.atMs >= this.window.to_ms) this.seek(this.window.from_ms)
    this.isPlaying = true
    this.tickedAt = performance.now()
    this.report()
  }

  pause(): void {
    this.isPlaying = false
    for (const feed of this.feeds) feed.video.pause()
    this.report()
  }

  setRate(rate: number): void {
    this.rate = rate
    for (const feed of this.feeds) feed.video.playbackRate = rate
    this.report()
  }

  /** Go to an instant; playing goes on if it was. */
  seek(atMs: number): void {
    this.atMs = Math.min(this.window.to_ms, Math.max(this.window.from_ms, atMs))
    for (const feed of this.feeds) feed.jump(this.atMs)
    this.report()
  }

  /** Show the next or the previous picture. */
  step(direction: 1 | -1): void {
    this.pause()
    this.seek(this.atMs + direction * FRAME_MS)
  }

  close(): void {
    clearInterval(this.timer)
    for (const feed of this.feeds) feed.close()
  }

  private tick(): void {
    const now = performance.now()
    const passed = now - this.tickedAt
    this.tickedAt = now
    if (!this.isPlaying) return this.report()
    this.isWaiting = this.feeds.some((feed) => feed.stateAt(this.atMs) === 'loading')
    if (!this.isWaiting) this.advance(passed * this.rate)
    for (const feed of this.feeds) this.hold(feed)
    this.report()
  }

  private advance(byMs: number): void {
    const next = skipQuiet(this.quiet, this.atMs + byMs)
    const isJump = next > this.atMs + byMs
    this.atMs = Math.min(this.window.to_ms, next)
    if (isJump) this.seek(this.atMs)
    if (this.atMs >= this.window.to_ms) this.pause()
  }

  private hold(feed: TrackFeed): void {
    feed.aim(this.atMs, this.rate)
    const isMoving = this.isPlaying && !this.isWaiting && feed.stateAt(this.atMs) === 'shown'
    if (!isMoving) return feed.video.pause()
    if (!feed.video.seeking) this.correct(feed)
    // A browser refuses sound without a gesture; the picture goes on and the next tick asks again.
    if (feed.video.paused) feed.video.play().catch(() => undefined)
  }

  /** Not on the way to a place: what it shows until it arrives says nothing, and another jump would only begin the way anew. */
  private correct(feed: TrackFeed): void {
    const correction = computeCorrection(this.atMs - feed.shownMs, this.rate)
    if (correction.kind === 'jump') feed.jump(this.atMs)
    feed.video.playbackRate = correction.kind === 'rate' ? correction.rate : this.rate
  }

  private report(): void {
    const { atMs, isPlaying, isWaiting, rate } = this
    this.tell({ atMs, isPlaying, isWaiting, rate })
  }
}
