/**
 * The one uploader of a browser: sends what waits, oldest first, and forgets a segment only when the server has said "kept".
 *
 * Law: whatever fails, and in whatever order, every segment that was stored here is either still here or kept at the server. A step may
 * be repeated at any time: registering, putting and committing the same again changes nothing.
 */
import type { CommitAnswer, CommitBody, SegmentVerdict, Target } from '../model.ts'
import { isFull } from '../keeping/database.ts'
import type { KeptGap, KeptSegment, KeptTake, Store } from '../keeping/store.ts'
import { toEnd, toGap, toSegment } from './bodies.ts'
import { AccessPoints } from './access-points.ts'
import { HashMismatch, Rejected, TargetExpired, Unreachable } from './faults.ts'
import type { RecordingServer } from './http.ts'

export interface UploaderOptions {
  store: Store
  server: RecordingServer
  attemptId: string
  /** Monotonic milliseconds. */
  now(): number
  /** Resolves when nothing more urgent wants the line. */
  pass(): Promise<void>
  /** These segments have left this computer; `isLost`: not because the server has them. */
  onGone(segments: readonly KeptSegment[], isLost: boolean): void
  /** The server will take no more of this take. */
  onBroken(take: KeptTake): void
}

/** full: there is more. */
export type Sent = 'nothing' | 'some' | 'full'

/** Signed in one go, committed in one go. */
const BATCH = 20
/** Segments that arrived changed so often are damaged on this computer. */
const MISMATCHES_MAX = 3

/** A note that only spares a repetition. On a full computer sending must go on without it, for nothing else makes room. */
async function ifRoom(note: Promise<void>): Promise<void> {
  try {
    await note
  } catch (fault) {
    if (!isFull(fault)) throw fault
  }
}

export class Uploader {
  readonly points = new AccessPoints()
  private mismatches = 0
  private readonly broken = new Set<string>()

  private readonly options: UploaderOptions

  constructor(options: UploaderOptions) {
    this.options = options
  }

  /** Send one batch. Throws Unreachable, LoginLost: then nothing was lost. */
  async round(): Promise<Sent> {
    const { store, attemptId } = this.options
    const [takes, segments, gaps] = await Promise.all([store.takesOf(attemptId), store.oldest(attemptId, BATCH), store.gapsOf(attemptId)])
    const empty = gaps.filter((gap) => gap.to_ms !== null && gap.to_ms <= gap.from_ms)
    if (empty.length > 0) await store.dropGaps(empty.map(({ id }) => id))
    const closed = gaps.filter((gap) => gap.to_ms !== null && gap.to_ms > gap.from_ms).slice(0, BATCH)
    if (segments.length > 0) return this.sendBatch(takes, segments, closed)
    return this.sendRest(takes, closed)
  }

  /** Ask every access point how quickly it answers. */
  async measure(): Promise<void> {
    await Promise.all(
      this.points.all().map(async (point) => {
        const askedAt = this.options.now()
        await this.options.server.probe(point).then(
          () => this.points.worked(point.name, this.options.now() - askedAt),
          () => this.points.failed(point.name, this.options.now()),
        )
      }),
    )
  }

  private async sendBatch(takes: KeptTake[], segments: KeptSegment[], gaps: KeptGap[]): Promise<Sent> {
    const byId = new Map(takes.map((take) => [take.take_id, take]))
    const wanted = await this.registered([...new Set(segments.map(({ take_id: id }) => id))].map((id) => byId.get(id)))
    const going = segments.filter(({ take_id: id }) => wanted.has(id))
    if (going.length > 0) await this.put(going)
    const answer = await this.commit({ segments: going.map(toSegment), ends: [], gaps: gaps.map(toGap) })
    await this.options.store.dropGaps(gaps.map(({ id }) => id))
    await this.heed(going, answer, byId)
    const isEnding = takes.some((take) => take.end !== null && !take.is_end_kept)
    return segments.length < BATCH && !isEnding ? 'some' : 'full'
  }

  /** Nothing but ends and gaps is left, or nothing at all. */
  private async sendRest(takes: KeptTake[], gaps: KeptGap[]): Promise<Sent> {
    const ended = takes.filter((take) => take.end !== null && !take.is_end_kept)
    // A take that never stored anything: the server need not hear of it.
    const silent = ended.filter((take) => take.next_seq === 0)
    for (const take of silent) await this.options.store.changeTake(take.take_id, { is_end_kept: true })
    const spoken = ended.filter((take) => take.next_seq > 0).slice(0, BATCH)
    const known = await this.registered(spoken)
    const ends = spoken.filter(({ take_id: id }) => known.has(id)).flatMap(toEnd)
    if (ends.length === 0 && gaps.length === 0) return silent.length + spoken.length > 0 ? 'full' : 'nothing'
    await this.commit({ segments: [], ends, gaps: gaps.map(toGap) })
    for (const { take_id: id } of ends) await this.options.store.changeTake(id, { is_end_kept: true })
    await this.options.store.dropGaps(gaps.map(({ id }) => id))
    return 'full'
  }

  /** Register what is not registered. Returns the ids the server takes. */
  private async registered(takes: readonly (KeptTake | undefined)[]): Promise<Set<string>> {
    const ids = new Set<string>()
    for (const take of takes) {
      if (take === undefined) continue
      try {
        if (!take.is_registered) await this.options.server.register(take.body)
        if (!take.is_registered) await ifRoom(this.options.store.changeTake(take.take_id, { is_registered: true }))
        ids.add(take.take_id)
      } catch (fault) {
        if (!(fault instanceof Rejected)) throw fault
        await this.abandon(take, 0)
      }
    }
    return ids
  }

  private async put(segments: readonly KeptSegment[]): Promise<void> {
    const unsent = segments.filter((segment) => !segment.is_put)
    if (unsent.length === 0) return
    const answer = await this.options.server.targets(unsent).catch((fault: unknown) => this.forgetRegistration(unsent, fault))
    this.points.offer(answer.access_points)
    const targets = new Map(answer.targets.map((target) => [`${target.take_id}/${target.seq}`, target]))
    for (const segment of unsent) {
      const target = targets.get(`${segment.take_id}/${segment.seq}`)
      if (target === undefined) continue
      await this.options.pass()
      await this.putOne(segment, target)
    }
  }

  /** The server does not know these takes (records were restored from before them): they are registered again. */
  private async forgetRegistration(segments: readonly KeptSegment[], fault: unknown): Promise<never> {
    if (!(fault instanceof Rejected)) throw fault
    for (const id of new Set(segments.map(({ take_id: id }) => id))) await this.options.store.changeTake(id, { is_registered: false })
    throw new Unreachable('no addresses', { cause: fault })
  }

  private async putOne(segment: KeptSegment, target: Target): Promise<void> {
    const body = await this.options.store.bodyOf(segment.n)
    if (body === null) return // another tab has sent it meanwhile
    for (const name of this.points.inOrder(this.options.now())) {
      const url = target.urls[name]
      if (url === undefined) continue
      const askedAt = this.options.now()
      try {
        await this.options.server.put(url, target, body)
        this.points.worked(name, this.options.now() - askedAt)
        this.mismatches = 0
        return await ifRoom(this.options.store.markPut([segment], true))
      } catch (fault) {
        await this.treat(fault, name, segment)
      }
    }
    throw new Unreachable('no access point takes it')
  }

  /** Returns when the next access point is to be tried; throws otherwise. */
  private async treat(fault: unknown, name: string, segment: KeptSegment): Promise<void> {
    if (fault instanceof TargetExpired) throw new Unreachable('asked for fresh addresses', { cause: fault })
    if (fault instanceof HashMismatch) this.mismatches += 1
    const isHopeless = fault instanceof Rejected || this.mismatches >= MISMATCHES_MAX
    if (isHopeless) {
      const take = await this.options.store.takeOf(segment.take_id)
      if (take !== null) await this.abandon(take, segment.seq)
      this.mismatches = 0
      throw new Unreachable('given up one take', { cause: fault })
    }
    if (!(fault instanceof Unreachable || fault instanceof HashMismatch)) throw fault
    this.points.failed(name, this.options.now())
  }

  private async commit(body: CommitBody): Promise<CommitAnswer> {
    try {
      return await this.options.server.commit(body)
    } catch (fault) {
      if (!(fault instanceof Rejected)) throw fault
      return this.commitOneByOne(body)
    }
  }

  /** One thing the server will never take must not hold up the rest: its take is given up, openly, and the others go on. */
  private async commitOneByOne({ segments, ends, gaps }: CommitBody): Promise<CommitAnswer> {
    const answer: CommitAnswer = { segments: [] }
    const isTaken = async (body: Partial<CommitBody>): Promise<CommitAnswer | null> => {
      try {
        return await this.options.server.commit({ segments: [], ends: [], gaps: [], ...body })
      } catch (fault) {
        if (fault instanceof Rejected) return null
        throw fault
      }
    }
    for (const segment of segments) {
      const one = await isTaken({ segments: [segment] })
      answer.segments.push(...(one?.segments ?? [{ take_id: segment.take_id, seq: segment.seq, state: 'conflict' as const }]))
    }
    for (const end of ends) await isTaken({ ends: [end] })
    for (const gap of gaps) await isTaken({ gaps: [gap] })
    return answer
  }

  /** Do what the server's verdicts mean, segment by segment. */
  private async heed(segments: readonly KeptSegment[], answer: CommitAnswer, takes: ReadonlyMap<string, KeptTake>): Promise<void> {
    const verdicts = new Map(answer.segments.map((one) => [`${one.take_id}/${one.seq}`, one]))
    const of = (state: SegmentVerdict): KeptSegment[] => segments.filter((one) => verdicts.get(`${one.take_id}/${one.seq}`)?.state === state)
    const kept = of('kept')
    await this.options.store.drop(kept.map(({ n }) => n))
    this.options.onGone(kept, false)
    const missing = of('missing')
    if (missing.length > 0) await this.options.store.markPut(missing, false)
    for (const { take_id: id } of of('unknown_take')) await this.options.store.changeTake(id, { is_registered: false })
    for (const segment of of('conflict')) await this.breakAt(segment, takes)
    for (const segment of of('out_of_order')) await this.reorder(segment, verdicts.get(`${segment.take_id}/${segment.seq}`)?.expected_seq ?? null, takes)
    if (kept.length === 0) throw new Unreachable('nothing of the batch was kept')
  }

  /** The server waits for an earlier segment. Here it normally still waits and goes first next time; if it is gone, the take ends. */
  private async reorder(segment: KeptSegment, expected: number | null, takes: ReadonlyMap<string, KeptTake>): Promise<void> {
    const waiting = await this.options.store.waitingOf(segment.take_id, segment.attempt_id)
    const first = waiting[0]?.seq ?? Infinity
    if (expected !== null && first > expected) await this.breakAt(segment, takes)
  }

  private async breakAt(segment: KeptSegment, takes: ReadonlyMap<string, KeptTake>): Promise<void> {
    const take = takes.get(segment.take_id)
    if (take !== undefined) await this.abandon(take, segment.seq)
  }

  /** The take goes no further than before this position: what waits of it is given up, openly. */
  private async abandon(take: KeptTake, fromSeq: number): Promise<void> {
    const { store } = this.options
    const lost = (await store.waitingOf(take.take_id, take.attempt_id)).filter((segment) => segment.seq >= fromSeq)
    await store.drop(lost.map(({ n }) => n))
    const from = lost[0]
    const last = lost.at(-1)
    if (from !== undefined && last !== undefined && take.origin_ms !== null) {
      const at = (presentationMs: number): number => Math.round((take.origin_ms ?? 0) + presentationMs)
      await store.addGap({ attempt_id: take.attempt_id, track: take.body.track, from_ms: at(from.p0_ms), to_ms: at(last.p1_ms), cause: 'encoder_failed' })
    }
    await store.changeTake(take.take_id, { is_end_kept: true })
    if (lost.length > 0) this.options.onGone(lost, true)
    if (!this.broken.has(take.take_id)) this.options.onBroken(take)
    this.broken.add(take.take_id)
  }
}
