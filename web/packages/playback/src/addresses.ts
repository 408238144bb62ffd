/** Where segments are: addresses are signed for a while, so they are asked for when somebody comes near, some at a time. */
import type { PlayedSegment } from './model.ts'

/** Ask the server for so many segments of a take from `first` on. lasts_s: for so many seconds the addresses are good. */
export type ListSegments = (takeId: string, first: number, most: number) => Promise<{ segments: readonly PlayedSegment[]; lasts_s: number }>

/** Four minutes of a track at four seconds a segment: who looks at one of them looks at the next. */
export const BATCH = 60
/** So many batches are remembered; the longest unused are given up. */
const MOST_BATCHES = 24
/** An address that runs out within this time is not begun with. */
const SPARE_MS = 60_000

interface Kept {
  segments: readonly PlayedSegment[]
  untilMs: number
}

export class AddressBook {
  private readonly list: ListSegments
  private readonly now: () => number
  private readonly batches = new Map<string, Promise<Kept>>()

  constructor(list: ListSegments, now: () => number = Date.now) {
    this.list = list
    this.now = now
  }

  /** Return the segment with an address that is good for a while yet. isRefused: the last one was turned down. */
  async find(takeId: string, seq: number, isRefused = false): Promise<PlayedSegment> {
    const first = seq - (seq % BATCH)
    const name = `${takeId}/${first}`
    if (isRefused) this.batches.delete(name)
    let kept = await this.keep(name, takeId, first)
    if (this.now() > kept.untilMs) {
      this.batches.delete(name)
      kept = await this.keep(name, takeId, first)
    }
    const found = kept.segments[seq - first]
    if (found?.seq !== seq) throw new Error(`segment ${takeId}/${seq} is not stored`)
    return found
  }

  /** Who asks for the same while it is on its way waits for the same. What failed is not remembered. */
  private keep(name: string, takeId: string, first: number): Promise<Kept> {
    const known = this.batches.get(name) ?? this.ask(takeId, first)
    this.batches.delete(name)
    this.batches.set(name, known)
    known.catch(() => this.batches.get(name) === known && this.batches.delete(name))
    for (const oldest of this.batches.keys()) {
      if (this.batches.size <= MOST_BATCHES) break
      this.batches.delete(oldest)
    }
    return known
  }

  private async ask(takeId: string, first: number): Promise<Kept> {
    const { segments, lasts_s: lastsS } = await this.list(takeId, first, BATCH)
    return { segments, untilMs: this.now() + lastsS * 1000 - SPARE_MS }
  }
}
