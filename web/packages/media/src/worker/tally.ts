/** How much waits here and how much was recorded, counted along so that nobody has to go through the database. */
import type { KeptSegment, KeptTake, Store } from '../keeping/store.ts'
import type { TrackProgress } from '../messages.ts'
import { TRACKS, type Track } from '../model.ts'

/** More than three tracks of a whole day. */
const COUNT_MAX = 100_000

const nothing = (): TrackProgress => ({ localSeq: 0, recordedMs: 0, waitingSegments: 0, waitingBytes: 0, waitingSinceMs: null })

export class Tally {
  readonly tracks: Record<Track, TrackProgress> = { screen: nothing(), camera: nothing(), phone: nothing() }
  private readonly recorded = new Map<string, { track: Track; ms: number }>()
  private readonly waiting = new Map<string, Pick<KeptSegment, 'track' | 'bytes' | 'at_ms'>>()

  /** Count what earlier pages left behind. */
  async countStored(store: Store, attemptId: string): Promise<void> {
    for (const take of await store.takesOf(attemptId)) this.recorded.set(take.take_id, { track: take.body.track, ms: take.p1_ms })
    for (const segment of await store.oldest(attemptId, COUNT_MAX)) this.waiting.set(keyOf(segment), segment)
    for (const track of TRACKS) this.sum(track)
  }

  stored(segment: Omit<KeptSegment, 'n'>, take: KeptTake): void {
    this.waiting.set(keyOf(segment), segment)
    this.recorded.set(take.take_id, { track: segment.track, ms: take.p1_ms })
    this.tracks[segment.track].localSeq = segment.seq
    this.sum(segment.track)
  }

  gone(segments: readonly KeptSegment[]): void {
    for (const segment of segments) this.waiting.delete(keyOf(segment))
    for (const track of new Set(segments.map((segment) => segment.track))) this.sum(track)
  }

  get waitingBytes(): number {
    return TRACKS.reduce((sum, track) => sum + this.tracks[track].waitingBytes, 0)
  }

  private sum(track: Track): void {
    const mine = [...this.waiting.values()].filter((segment) => segment.track === track)
    Object.assign(this.tracks[track], {
      recordedMs: [...this.recorded.values()].reduce((sum, take) => sum + (take.track === track ? take.ms : 0), 0),
      waitingSegments: mine.length,
      waitingBytes: mine.reduce((sum, segment) => sum + segment.bytes, 0),
      waitingSinceMs: mine.reduce<number | null>((least, segment) => (least === null || segment.at_ms < least ? segment.at_ms : least), null),
    })
  }
}

function keyOf(segment: { take_id: string; seq: number }): string {
  return `${segment.take_id}/${segment.seq}`
}
