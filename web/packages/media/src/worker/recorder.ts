/** One attempt's recording inside the worker: its takes, what waits, the uploader, the stills. */
import type { Store } from '../keeping/store.ts'
import type { FromWorker, Progress, Setup, ToWorker } from '../messages.ts'
import type { CommitAnswer, CommitBody, Track } from '../model.ts'
import type { LineAnswer } from '../sending/commit-line.ts'
import { faultOf, overHttp, type RecordingServer } from '../sending/http.ts'
import { Courtesy } from '../sending/pace.ts'
import { Uploader } from '../sending/uploader.ts'
import { Sending } from './sending.ts'
import { drawStill } from './stills.ts'
import { Tally } from './tally.ts'
import { endTake, TakeWriter } from './writing.ts'

type Message<T extends ToWorker['type']> = Extract<ToWorker, { type: T }>
type Tell = (message: FromWorker, transfer?: Transferable[]) => void

const PROGRESS_EVERY_MS = 1_000
/** As long as a request over HTTP may take: the same store is asked. */
const SOCKET_PATIENCE_MS = 15_000
const ESTIMATE_EVERY_MS = 15_000
/** Of what the browser would give; it may take everything away when the disk is full. */
const STORAGE_SHARE_MAX = 0.9

export class Recorder {
  private readonly store: Store
  private readonly setup: Setup
  private readonly tell: Tell
  private readonly takes = new Map<string, TakeWriter>()
  private readonly newest = new Map<Track, TakeWriter>()
  private readonly tally = new Tally()
  private readonly courtesy = new Courtesy()
  private readonly sending: Sending
  private headers: Record<string, string>
  private isLinked = false
  private commits = new Map<number, (answer: LineAnswer) => void>()
  private lastCommit = 0
  private storage: { share: number; quota: number } | null = null
  private stillTimer: ReturnType<typeof setInterval> | undefined

  constructor(store: Store, setup: Setup, tell: Tell) {
    this.store = store
    this.setup = setup
    this.tell = tell
    this.headers = setup.headers
    const http = overHttp(() => this.headers)
    const uploader = new Uploader({
      store,
      server: { ...http, commit: (body) => this.commit(http, body) },
      attemptId: setup.attemptId,
      now: () => performance.now(),
      pass: () => this.courtesy.pass(),
      onGone: (segments) => this.tally.gone(segments),
      onBroken: (take) => this.tell({ type: 'trouble', takeId: take.take_id, track: take.body.track, cause: 'encoder_failed' }),
    })
    this.sending = new Sending(uploader, () => void this.report())
  }

  /** End what earlier pages left open, count what waits, and begin to send it. */
  async prepare(): Promise<void> {
    const { attemptId, leftBecause } = this.setup
    for (const take of await this.store.takesOf(attemptId)) {
      if (take.end === null) await endTake(this.store, take, leftBecause)
    }
    await this.tally.countStored(this.store, attemptId)
    await this.lookAtStorage()
    setInterval(() => void this.lookAtStorage(), ESTIMATE_EVERY_MS)
    setInterval(() => void this.report(), PROGRESS_EVERY_MS)
    await this.report()
    void this.sending.run(attemptId)
  }

  hear(message: ToWorker): void {
    const act = this.acts[message.type] as ((message: ToWorker) => void) | undefined
    act?.(message)
  }

  private readonly acts: { [T in ToWorker['type']]?: (message: Message<T>) => void } = {
    headers: ({ headers }) => {
      this.headers = headers
      this.sending.wake()
    },
    begin: (message) => this.begin(message),
    blob: (message) => void this.takeBlob(message),
    end: (message) => void this.takes.get(message.takeId)?.end(message.cause, message.atMs).then(() => this.changed(message.takeId)),
    gap: ({ track, fromMs, cause }) => void this.store.openGap(this.setup.attemptId, track, fromMs, cause),
    close_gap: ({ track, toMs }) => void this.store.closeGap(this.setup.attemptId, track, toMs).then(() => this.sending.wake()),
    hold: ({ isHeld }) => this.courtesy.hold(isHeld),
    wake: () => this.sending.wake(),
    linked: ({ isLinked }) => (this.isLinked = isLinked),
    committed: ({ id, answer }) => this.commits.get(id)?.(answer),
    stills: (message) => this.takeStills(message),
    picture: (message) => void this.makeStill(message),
  }

  private begin({ take }: Message<'begin'>): void {
    const writer = new TakeWriter(
      {
        store: this.store,
        attemptId: this.setup.attemptId,
        publicKey: this.setup.publicKey,
        hasRoom: (bytes) => this.hasRoom(bytes),
        isOffline: () => this.sending.state === 'offline',
        onStored: (segment, kept) => this.tally.stored(segment, kept),
        onTrouble: (takeId, track, cause) => {
          this.takes.delete(takeId)
          this.tell({ type: 'trouble', takeId, track, cause })
        },
      },
      take,
    )
    const before = this.newest.get(take.track)
    this.takes.set(take.take_id, writer)
    this.newest.set(take.track, writer)
    this.tally.tracks[take.track].localSeq = 0
    void writer.begin(before?.settled() ?? Promise.resolve())
  }

  private async takeBlob({ takeId, blob, atMs }: Message<'blob'>): Promise<void> {
    const writer = this.takes.get(takeId)
    if (writer === undefined || blob.size === 0) return
    await writer.write(blob.arrayBuffer(), atMs)
  }

  private changed(takeId: string): void {
    this.takes.delete(takeId)
    this.sending.wake()
    void this.report()
  }

  private hasRoom(bytes: number): boolean {
    const most = this.setup.maxWaitingBytes ?? (this.storage === null ? Infinity : this.storage.quota * STORAGE_SHARE_MAX)
    return this.tally.waitingBytes + bytes <= most
  }

  private async lookAtStorage(): Promise<void> {
    const { usage, quota } = await (navigator.storage?.estimate?.() ?? Promise.resolve({ usage: 0, quota: 0 }))
    this.storage = quota ? { share: (usage ?? 0) / quota, quota } : null
  }

  private async report(): Promise<void> {
    await Promise.all([...this.newest.values()].map((writer) => writer.noteEnd()))
    const [takes, gaps] = await Promise.all([this.store.takesOf(this.setup.attemptId), this.store.gapsOf(this.setup.attemptId)])
    const hasEnds = takes.some((take) => take.end === null || !take.is_end_kept)
    const progress: Progress = {
      tracks: structuredClone(this.tally.tracks),
      sending: this.sending.state,
      hasMoreToSay: this.takes.size > 0 || hasEnds || gaps.some((gap) => gap.to_ms !== null),
      storageShare: this.storage?.share ?? null,
    }
    this.tell({ type: 'progress', progress })
  }

  /** Over the page's socket while that works, otherwise over HTTP: the same service answers. */
  private async commit(http: RecordingServer, body: CommitBody): Promise<CommitAnswer> {
    const answer = this.isLinked ? await this.commitBySocket(body) : null
    if (answer === null) return http.commit(body)
    if ('code' in answer) throw faultOf(answer.status, answer.code)
    return answer
  }

  private commitBySocket(body: CommitBody): Promise<LineAnswer> {
    const id = (this.lastCommit += 1)
    return new Promise<LineAnswer>((resolve) => {
      const timer = setTimeout(() => {
        this.isLinked = false // half open, or with a server that does not know commits: not again before it was opened anew
        resolve(null)
      }, SOCKET_PATIENCE_MS)
      this.commits.set(id, (answer) => {
        clearTimeout(timer)
        resolve(answer)
      })
      this.tell({ type: 'commit', id, body })
    }).finally(() => this.commits.delete(id))
  }

  private takeStills({ tracks, intervalMs }: Message<'stills'>): void {
    clearInterval(this.stillTimer)
    if (tracks.length === 0) return
    const want = (): void => tracks.forEach((track) => this.tell({ type: 'want_picture', track }))
    want()
    this.stillTimer = setInterval(want, intervalMs)
  }

  private async makeStill({ track, bitmap, atMs }: Message<'picture'>): Promise<void> {
    const jpeg = await drawStill(bitmap).catch(() => null)
    bitmap.close()
    if (jpeg !== null) this.tell({ type: 'still', track, atMs, jpeg }, [jpeg.buffer])
  }
}
