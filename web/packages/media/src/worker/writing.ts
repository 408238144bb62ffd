/** From the recorder's bytes to sealed segments on this computer: cut, bound to the one before, encrypted, hashed, stored. */
import { CutError } from '../cutting/bytes.ts'
import { makeCutter, type Cutter, type Part } from '../cutting/cutter.ts'
import { isFull } from '../keeping/database.ts'
import { endOf, newTake, type KeptSegment, type KeptTake, type Store } from '../keeping/store.ts'
import type { TakeStart } from '../messages.ts'
import type { Cause, Track } from '../model.ts'
import { makeTakeKey, sealSegment, type TakePlace } from '../sealing/seal.ts'

export interface WritingOptions {
  store: Store
  attemptId: string
  publicKey: string
  /** Whether so many more bytes may wait on this computer. */
  hasRoom(bytes: number): boolean
  /** Nothing can be sent at present: full because of that is another matter than full because of others. */
  isOffline(): boolean
  onStored(segment: Omit<KeptSegment, 'n'>, take: KeptTake): void
  onTrouble(takeId: string, track: Track, cause: Cause): void
}

/** One take as it is written. Whatever is asked of it happens in order. */
export class TakeWriter {
  readonly track: Track
  private readonly cutter: Cutter
  private readonly place: TakePlace
  private key: CryptoKey | null = null
  private take: KeptTake | null = null
  private isOver = false
  /** Why the take ended, while there is no room to write it down. */
  private unnoted: Cause | null = null
  private doing: Promise<void> = Promise.resolve()
  /** The least time from a frame's presentation to its arrival: in the segment that is open, and in the whole take. */
  private segmentLagMs = Infinity
  private takeLagMs = Infinity

  private readonly options: WritingOptions
  private readonly start: TakeStart

  constructor(options: WritingOptions, start: TakeStart) {
    this.options = options
    this.start = start
    this.track = start.track
    this.cutter = makeCutter(start.mime)
    this.place = { attemptId: options.attemptId, track: start.track, takeId: start.take_id }
  }

  /** after: the track's take before this one is written down. */
  begin(after: Promise<void>): Promise<void> {
    return this.next(async () => {
      await after
      const { startedAtMs, ...rest } = this.start
      const { key, wrappedKey } = await makeTakeKey(this.place, this.options.publicKey)
      this.key = key
      const take = newTake(this.options.attemptId, { ...rest, wrapped_key: wrappedKey, started_at: new Date(startedAtMs).toISOString() })
      await this.options.store.putTake(take)
      this.take = take
      // The track runs again: whatever gap was open ends here.
      await this.options.store.closeGap(this.options.attemptId, this.track, startedAtMs)
    })
  }

  /** Take the recorder's next bytes, which may still be read. atMs: when they came, on the server's clock. */
  write(bytes: Promise<ArrayBuffer>, atMs: number): Promise<void> {
    return this.next(async () => {
      const parts = this.cutter.push(new Uint8Array(await bytes))
      if (this.cutter.newestMs !== null) this.noteLag(atMs - this.cutter.newestMs)
      for (const part of parts) await this.keep(part, part.isHeader ? atMs : part.p1Ms + this.segmentLagMs)
      if (parts.some((part) => !part.isHeader) && this.cutter.newestMs !== null) this.segmentLagMs = atMs - this.cutter.newestMs
    })
  }

  /** The recorder has handed out everything. */
  end(cause: Cause, atMs: number): Promise<void> {
    return this.next(async () => {
      // How long the very last frame lasts is a guess, so its arrival must not improve on what is known.
      for (const part of this.cutter.finish()) await this.keep(part, Math.max(atMs, part.p1Ms + (Number.isFinite(this.takeLagMs) ? this.takeLagMs : 0)))
      await this.conclude(cause)
    })
  }

  /** Resolves when everything asked so far is done. */
  async settled(): Promise<void> {
    await this.doing
    await this.noteEnd()
  }

  /** Write down the end that found no room before, if there is one. */
  async noteEnd(): Promise<void> {
    const cause = this.unnoted
    if (cause === null) return
    this.unnoted = null
    try {
      await this.conclude(cause)
    } catch {
      // Still full. Whoever asks next tries again; if nobody does, the next page finds the take open and ends it.
      this.unnoted = cause
    }
  }

  private noteLag(lagMs: number): void {
    this.segmentLagMs = Math.min(this.segmentLagMs, lagMs)
    this.takeLagMs = Math.min(this.takeLagMs, lagMs)
  }

  private async keep(part: Part, atMs: number): Promise<void> {
    const { take, key } = this
    if (take === null || key === null) throw new CutError('not begun')
    const place = { seq: take.next_seq, previous: take.last_sha256, p0_ms: Math.round(part.p0Ms), p1_ms: Math.round(part.p1Ms), at_ms: Math.round(atMs) }
    if (!this.options.hasRoom(part.bytes.length)) throw new DOMException('no room', 'QuotaExceededError')
    const { ciphertext, sha256 } = await sealSegment(key, this.place, place, part.bytes)
    const segment = { ...place, sha256, bytes: ciphertext.length, take_id: take.take_id, attempt_id: take.attempt_id, track: this.track, is_put: false }
    const origin = part.isHeader ? take.origin_ms : Math.min(take.origin_ms ?? Infinity, place.at_ms - place.p1_ms)
    const moved = { ...take, next_seq: place.seq + 1, last_sha256: sha256, p1_ms: Math.max(take.p1_ms, place.p1_ms), origin_ms: origin }
    await this.options.store.addSegment(moved, segment, ciphertext)
    this.take = moved
    this.options.onStored(segment, moved)
  }

  private async conclude(cause: Cause): Promise<void> {
    this.isOver = true
    this.key = null
    if (this.take !== null) await endTake(this.options.store, this.take, cause)
  }

  /** Do this after everything asked before. A failure ends the take with its cause; nothing after it is taken. */
  private next(act: () => Promise<void>): Promise<void> {
    this.doing = this.doing.then(async () => {
      if (this.isOver) return
      try {
        await act()
      } catch (fault) {
        await this.fail(isFull(fault) ? this.causeOfFull() : 'encoder_failed')
      }
    })
    return this.doing
  }

  private causeOfFull(): Cause {
    return this.options.isOffline() ? 'offline_over_quota' : 'quota'
  }

  private async fail(cause: Cause): Promise<void> {
    this.unnoted = cause
    await this.noteEnd()
    this.options.onTrouble(this.place.takeId, this.track, cause)
  }
}

/** Write down that a take is over, and that its track stands from there on. */
export async function endTake(store: Store, take: KeptTake, cause: Cause): Promise<void> {
  const endedAt = endOf(take)
  await store.changeTake(take.take_id, { end: { take_id: take.take_id, last_seq: take.next_seq - 1, cause, ended_at_ms: endedAt } })
  if (cause !== 'finished') await store.openGap(take.attempt_id, take.body.track, endedAt, cause)
}
