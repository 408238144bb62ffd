/**
 * What waits on this computer until the server has it: takes, segments (ciphertext only) and gaps. A segment and its take's new
 * end go into one transaction, so the chain of hashes never has a hole.
 */
import type { Bytes } from '@invigil/exam-core'

import { NOTHING_BEFORE, type Cause, type EndBody, type GapBody, type SegmentBody, type TakeBody, type Track } from '../model.ts'
import { asked, openDatabase, write, type StoreShape } from './database.ts'

export interface KeptTake {
  take_id: string
  attempt_id: string
  body: TakeBody
  is_registered: boolean
  next_seq: number
  last_sha256: string
  /** Presentation time at the end of the last segment: so much is recorded. */
  p1_ms: number
  /** The server's time at presentation time 0: the least of at − p1; null before the first segment. */
  origin_ms: number | null
  end: EndBody | null
  /** The server knows the end; nothing of this take is left to send. */
  is_end_kept: boolean
}

export interface KeptSegment extends SegmentBody {
  /** Grows with every segment stored on this computer. */
  n: number
  attempt_id: string
  track: Track
  is_put: boolean
}

/** to_ms: null while the track still stands. */
export interface KeptGap extends Omit<GapBody, 'to_ms'> {
  id: number
  attempt_id: string
  to_ms: number | null
}

const DATABASE = 'invigil-recording'
const SHAPES: Record<string, StoreShape> = {
  takes: { keyPath: 'take_id', indexes: { attempt: 'attempt_id' } },
  segments: { keyPath: 'n', autoIncrement: true, indexes: { attempt: 'attempt_id' } },
  bodies: { keyPath: 'n' },
  gaps: { keyPath: 'id', autoIncrement: true, indexes: { attempt: 'attempt_id' } },
}

export function newTake(attemptId: string, body: TakeBody): KeptTake {
  return { take_id: body.take_id, attempt_id: attemptId, body, is_registered: false, next_seq: 0, last_sha256: NOTHING_BEFORE, p1_ms: 0, origin_ms: null, end: null, is_end_kept: false }
}

/** Return where the recorded part of a take ends, on the server's clock. */
export function endOf(take: KeptTake): number {
  return take.origin_ms === null ? Date.parse(take.body.started_at) : Math.round(take.origin_ms + take.p1_ms)
}

export class Store {
  private readonly database: IDBDatabase

  private constructor(database: IDBDatabase) {
    this.database = database
  }

  static async open(): Promise<Store> {
    return new Store(await openDatabase(DATABASE, SHAPES))
  }

  close(): void {
    this.database.close()
  }

  takesOf(attemptId: string): Promise<KeptTake[]> {
    return this.all<KeptTake>('takes', attemptId)
  }

  async takeOf(takeId: string): Promise<KeptTake | null> {
    return ((await asked(this.read('takes').get(takeId))) as KeptTake | undefined) ?? null
  }

  putTake(take: KeptTake): Promise<void> {
    return write(this.database, ['takes'], (transaction) => transaction.objectStore('takes').put(take))
  }

  /** Change what is kept of a take; others may have changed other parts of it meanwhile. */
  changeTake(takeId: string, change: Partial<KeptTake>): Promise<void> {
    return write(this.database, ['takes'], (transaction) => {
      const takes = transaction.objectStore('takes')
      const found = takes.get(takeId)
      found.onsuccess = () => {
        if (found.result !== undefined) takes.put({ ...(found.result as KeptTake), ...change })
      }
    })
  }

  /** Keep one segment and move its take's end. Rejects with QuotaExceededError when there is no room. */
  addSegment(take: KeptTake, segment: Omit<KeptSegment, 'n'>, ciphertext: Bytes): Promise<void> {
    const { take_id: id, next_seq, last_sha256, p1_ms, origin_ms } = take
    return write(this.database, ['takes', 'segments', 'bodies'], (transaction) => {
      const added = transaction.objectStore('segments').add(segment)
      added.onsuccess = () => transaction.objectStore('bodies').add({ n: added.result, ciphertext })
      const found = transaction.objectStore('takes').get(id)
      found.onsuccess = () => transaction.objectStore('takes').put({ ...(found.result as KeptTake), next_seq, last_sha256, p1_ms, origin_ms })
    })
  }

  /** Return the oldest segments of an attempt, in the order in which they were stored. */
  async oldest(attemptId: string, limit: number): Promise<KeptSegment[]> {
    return (await asked(this.read('segments').index('attempt').getAll(attemptId, limit))) as KeptSegment[]
  }

  /** Return the segments of one take that still wait, by position. */
  async waitingOf(takeId: string, attemptId: string): Promise<KeptSegment[]> {
    const all = await this.all<KeptSegment>('segments', attemptId)
    return all.filter((segment) => segment.take_id === takeId).toSorted((one, other) => one.seq - other.seq)
  }

  async bodyOf(n: number): Promise<Bytes | null> {
    const found = (await asked(this.read('bodies').get(n))) as { ciphertext: Bytes } | undefined
    return found?.ciphertext ?? null
  }

  markPut(segments: readonly KeptSegment[], isPut: boolean): Promise<void> {
    return write(this.database, ['segments'], (transaction) => {
      for (const segment of segments) transaction.objectStore('segments').put({ ...segment, is_put: isPut })
    })
  }

  /** Forget segments. The server has them durably, or nobody ever will. */
  drop(numbers: readonly number[]): Promise<void> {
    return write(this.database, ['segments', 'bodies'], (transaction) => {
      for (const n of numbers) {
        transaction.objectStore('segments').delete(n)
        transaction.objectStore('bodies').delete(n)
      }
    })
  }

  gapsOf(attemptId: string): Promise<KeptGap[]> {
    return this.all<KeptGap>('gaps', attemptId)
  }

  /** A track stands from here on. One that stands already keeps its first cause. */
  async openGap(attemptId: string, track: Track, fromMs: number, cause: Cause): Promise<void> {
    const isOpen = (await this.gapsOf(attemptId)).some((gap) => gap.track === track && gap.to_ms === null)
    if (!isOpen) await this.addGap({ attempt_id: attemptId, track, from_ms: fromMs, to_ms: null, cause })
  }

  addGap(gap: Omit<KeptGap, 'id'>): Promise<void> {
    return write(this.database, ['gaps'], (transaction) => transaction.objectStore('gaps').add(gap))
  }

  /** The track runs again, or the sitting is over. */
  async closeGap(attemptId: string, track: Track, toMs: number): Promise<void> {
    const open = (await this.gapsOf(attemptId)).filter((gap) => gap.track === track && gap.to_ms === null)
    await write(this.database, ['gaps'], (transaction) => {
      for (const gap of open) transaction.objectStore('gaps').put({ ...gap, to_ms: Math.max(gap.from_ms, toMs) })
    })
  }

  dropGaps(ids: readonly number[]): Promise<void> {
    return write(this.database, ['gaps'], (transaction) => {
      for (const id of ids) transaction.objectStore('gaps').delete(id)
    })
  }

  private async all<T>(store: string, attemptId: string): Promise<T[]> {
    return (await asked(this.read(store).index('attempt').getAll(attemptId))) as T[]
  }

  private read(store: string): IDBObjectStore {
    return this.database.transaction(store, 'readonly').objectStore(store)
  }
}
