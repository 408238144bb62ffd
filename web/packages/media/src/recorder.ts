/**
 * The recording of one attempt, as a page uses it: give it streams, it records them; it says at once when a track stands still and
 * why, and how far the copy at the server has come. All heavy work is in the worker.
 */
import { picturesOf } from './capturing/pictures.ts'
import { startRun, type Run } from './capturing/running.ts'
import { watchStream, type Standstill } from './capturing/watching.ts'
import { chooseMime } from './codecs.ts'
import { makeTakeId } from './ids.ts'
import { causeOfLeaving, isReload, noteLeaving } from './leaving.ts'
import type { FromWorker, Progress, ToWorker, TrackProgress } from './messages.ts'
import { TRACKS, type Cause, type CommitBody, type Picture, type Track } from './model.ts'
import type { LineAnswer } from './sending/commit-line.ts'

/** How a sitting is recorded, as the server says on entering. */
export interface RecordingRules {
  tracks: Track[]
  screen: Picture
  camera: Picture
  phone: Picture
  audio_kbps: number
  segment_ms: number
  on_track_stopped: 'warn' | 'pause' | 'allow'
}

export interface RecorderOptions {
  attemptId: string
  publicKey: string
  rules: RecordingRules
  /** A module worker that runs `@invigil/media/worker`. */
  worker: Worker
  headers(): Record<string, string>
  /** The server's time, milliseconds since 1970. */
  now(): number
  isTest?: boolean
  /** Only phones: a hidden page has no camera. */
  stopsWhenHidden?: boolean
  maxWaitingBytes?: number | null
  /** Something that `view()` shows has changed. */
  onChange(): void
  onStill?(track: Track, atMs: number, jpeg: Uint8Array<ArrayBuffer>): void
  /** Commit over the page's socket (`CommitLine`). */
  commit?(body: CommitBody): Promise<LineAnswer>
}

/** off: never given a stream, or over. */
export type TrackState = 'off' | 'starting' | 'live' | 'stopped'

export interface TrackView extends TrackProgress {
  track: Track
  state: TrackState
  /** Why it is stopped or over. */
  cause: Cause | null
  takeId: string | null
  /** Since when it has been in this state, on the server's clock. */
  sinceMs: number
  /** The microphone is muted or gone; the picture goes on. */
  isSilent: boolean
}

export interface RecorderView {
  tracks: Record<Track, TrackView>
  sending: Progress['sending']
  /** Everything recorded so far is kept by the server, and the server knows all ends and gaps. */
  isDrained: boolean
  waitingBytes: number
  waitingSegments: number
  storageShare: number | null
}

interface Seat {
  view: TrackView
  stream: MediaStream | null
  run: Run | null
  unwatch: (() => void) | null
  take: (() => Promise<ImageBitmap | null>) | null
  failures: number
  /** The last recorder has not handed out everything yet: the next one waits for it. */
  isStopping: boolean
  isAwaited: boolean
  retry: ReturnType<typeof setTimeout> | undefined
}

const NO_PROGRESS: TrackProgress = { localSeq: 0, recordedMs: 0, waitingSegments: 0, waitingBytes: 0, waitingSinceMs: null }
const RETRY_FIRST_MS = 1_000
const RETRY_MAX_MS = 15_000
const LABEL_MAX = 200

export class Recorder {
  private readonly options: RecorderOptions
  private readonly seats: Record<Track, Seat>
  private progress: Progress | null = null
  private isFinishing = false
  private readonly events = new AbortController()

  constructor(options: RecorderOptions) {
    this.options = options
    this.seats = { screen: this.emptySeat('screen'), camera: this.emptySeat('camera'), phone: this.emptySeat('phone') }
    options.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.hear(data)
    const leftBecause = causeOfLeaving(options.attemptId, isReload())
    this.tell({
      type: 'setup',
      setup: { attemptId: options.attemptId, publicKey: options.publicKey, headers: options.headers(), leftBecause, maxWaitingBytes: options.maxWaitingBytes ?? null },
    })
    const { signal } = this.events
    addEventListener('pagehide', () => noteLeaving(options.attemptId), { signal })
    addEventListener('online', () => this.wake(), { signal })
    if (options.stopsWhenHidden) document.addEventListener('visibilitychange', () => this.noteVisibility(), { signal })
    // Without this promise a browser that runs short may throw away what waits; it may refuse, then only less room is safe.
    void navigator.storage?.persist?.()
  }

  view(): RecorderView {
    const tracks = Object.fromEntries(TRACKS.map((track) => [track, { ...this.seats[track].view, ...this.progress?.tracks[track] }])) as Record<Track, TrackView>
    const waiting = Object.values(this.progress?.tracks ?? {})
    const waitingSegments = waiting.reduce((sum, one) => sum + one.waitingSegments, 0)
    return {
      tracks,
      sending: this.progress?.sending ?? 'idle',
      isDrained: this.progress !== null && waitingSegments === 0 && !this.progress.hasMoreToSay && !this.isRunning(),
      waitingSegments,
      waitingBytes: waiting.reduce((sum, one) => sum + one.waitingBytes, 0),
      storageShare: this.progress?.storageShare ?? null,
    }
  }

  /** Record this stream from now on; whatever ran for the track before ends. */
  record(track: Track, stream: MediaStream): void {
    const seat = this.seats[track]
    this.stop(track, 'replaced')
    Object.assign(seat, { stream, take: picturesOf(stream), failures: 0 })
    seat.unwatch = watchStream(stream, {
      endedCause: track === 'screen' ? 'ended_by_user' : 'device_lost',
      expectsFrames: track !== 'screen',
      onPicture: (standstill) => this.noteStandstill(track, standstill),
      onSound: (isSilent) => this.change(track, { isSilent }),
    })
  }

  /** End what runs for this track and let go of its stream. The stream itself is not stopped. */
  stop(track: Track, cause: Cause): void {
    const seat = this.seats[track]
    seat.unwatch?.()
    clearTimeout(seat.retry)
    this.endRun(track, cause)
    Object.assign(seat, { stream: null, unwatch: null, take: null })
  }

  /** A track that is wanted but was not given: declared as a gap from this instant (server's clock) on. */
  declareStandstill(track: Track, cause: Cause, fromMs: number): void {
    if (this.seats[track].view.state === 'stopped') return
    this.tell({ type: 'gap', track, fromMs, cause })
    this.change(track, { state: 'stopped', cause, sinceMs: fromMs })
  }

  /** Answers go first. */
  hold(isHeld: boolean): void {
    this.tell({ type: 'hold', isHeld })
  }

  wake(): void {
    this.tell({ type: 'wake' })
  }

  /** The page has a new ticket. */
  renewHeaders(): void {
    this.tell({ type: 'headers', headers: this.options.headers() })
  }

  /** Whether the page's socket is open: then commits go over it. */
  setLinked(isLinked: boolean): void {
    this.tell({ type: 'linked', isLinked: isLinked && this.options.commit !== undefined })
  }

  /** Send stills of these tracks so often. */
  sendStills(tracks: Track[], intervalMs: number): void {
    this.tell({ type: 'stills', tracks, intervalMs })
  }

  /**
   * Nothing more is recorded here: end every take. With `finished` the sitting is over and every gap ends; with `replaced` it goes on
   * at another computer. `view().isDrained` becomes true when the server has it all.
   */
  finish(cause: 'finished' | 'replaced' = 'finished'): void {
    if (this.isFinishing) return
    this.isFinishing = true
    const now = Math.round(this.options.now())
    for (const track of TRACKS) {
      this.stop(track, cause)
      if (cause === 'finished') this.tell({ type: 'close_gap', track, toMs: now })
      this.change(track, { state: 'off', cause })
    }
  }

  /** A sitting that was over goes on. */
  reopen(): void {
    this.isFinishing = false
  }

  /** End the worker at once; what is stored stays for the next page. */
  close(): void {
    this.events.abort()
    for (const track of TRACKS) this.stop(track, 'page_closed')
    this.options.worker.terminate()
  }

  private emptySeat(track: Track): Seat {
    const view: TrackView = { ...NO_PROGRESS, track, state: 'off', cause: null, takeId: null, sinceMs: Math.round(this.options.now()), isSilent: false }
    return { view, stream: null, run: null, unwatch: null, take: null, failures: 0, isStopping: false, isAwaited: false, retry: undefined }
  }

  private isRunning(): boolean {
    return TRACKS.some((track) => this.seats[track].run !== null)
  }

  private noteStandstill(track: Track, standstill: Standstill): void {
    if (standstill !== null) this.endRun(track, standstill)
    else this.startRun(track)
  }

  private noteVisibility(): void {
    for (const track of TRACKS) {
      if (this.seats[track].stream === null) continue
      if (document.hidden) this.endRun(track, 'page_hidden')
      else this.startRun(track)
    }
  }

  private startRun(track: Track): void {
    const seat = this.seats[track]
    const { stream } = seat
    if (stream === null || seat.run !== null || this.isFinishing || (this.options.stopsWhenHidden === true && document.hidden)) return
    clearTimeout(seat.retry)
    if (seat.isStopping) return void (seat.isAwaited = true)
    const mime = chooseMime(stream.getAudioTracks().length > 0, (type) => MediaRecorder.isTypeSupported(type))
    const takeId = makeTakeId(this.options.now())
    try {
      if (mime === null) throw new DOMException('no codec', 'NotSupportedError')
      seat.run = this.run(track, stream, mime, takeId)
    } catch {
      this.change(track, { state: 'stopped', cause: 'encoder_failed' })
      this.retryLater(track)
    }
  }

  private run(track: Track, stream: MediaStream, mime: string, takeId: string): Run {
    const { rules, now } = this.options
    const { kbps } = rules[track]
    const run = startRun({
      stream, mime, now, videoKbps: kbps, audioKbps: rules.audio_kbps, segmentMs: rules.segment_ms,
      onData: (blob, atMs) => this.tell({ type: 'blob', takeId, blob, atMs }),
      onStart: () => this.seats[track].view.takeId === takeId && this.change(track, { state: 'live', cause: null }),
      onStop: (isFailed) => this.noteStopped(track, takeId, isFailed),
    })
    this.change(track, { state: 'starting', takeId, cause: null })
    this.tell({ type: 'begin', take: this.describe(track, stream, mime, takeId, run.startedAtMs) })
    return run
  }

  private describe(track: Track, stream: MediaStream, mime: string, takeId: string, startedAtMs: number): Extract<ToWorker, { type: 'begin' }>['take'] {
    const picture = stream.getVideoTracks()[0]
    const sound = stream.getAudioTracks().length > 0
    const settings = picture?.getSettings() ?? {}
    const { rules } = this.options
    const whole = (value: number | undefined, otherwise: number): number => Math.round(value ?? otherwise)
    return {
      take_id: takeId, track, mime, startedAtMs,
      width: whole(settings.width, rules[track].width), height: whole(settings.height, rules[track].height), frame_rate: whole(settings.frameRate, rules[track].fps),
      video_kbps: rules[track].kbps, audio_kbps: sound ? rules.audio_kbps : 0,
      label: (picture?.label ?? '').slice(0, LABEL_MAX), is_test: this.options.isTest ?? false,
    }
  }

  private endRun(track: Track, cause: Cause): void {
    const seat = this.seats[track]
    const wasShown = seat.view.state
    seat.isAwaited = false
    if (seat.run === null) {
      if (wasShown === 'stopped' || (wasShown === 'off' && seat.stream !== null)) this.change(track, { state: 'stopped', cause })
      return
    }
    const { run } = seat
    Object.assign(seat, { run: null, isStopping: true })
    this.ends.set(seat.view.takeId ?? '', cause)
    this.change(track, { state: 'stopped', cause })
    run.stop()
  }

  /** Causes of takes that are being ended; a recorder that stops by itself has none here. */
  private readonly ends = new Map<string, Cause>()

  private noteStopped(track: Track, takeId: string, isFailed: boolean): void {
    const seat = this.seats[track]
    const isMine = seat.run !== null && seat.view.takeId === takeId
    const cause = isFailed ? 'encoder_failed' : (this.ends.get(takeId) ?? (track === 'screen' ? 'ended_by_user' : 'device_lost'))
    this.ends.delete(takeId)
    this.tell({ type: 'end', takeId, cause, atMs: Math.round(this.options.now()) })
    seat.isStopping = false
    if (seat.isAwaited) this.startRun(track)
    if (!isMine) return
    seat.run = null
    this.change(track, { state: 'stopped', cause })
    if (isFailed) this.retryLater(track)
  }

  private retryLater(track: Track): void {
    const seat = this.seats[track]
    seat.failures += 1
    clearTimeout(seat.retry)
    seat.retry = setTimeout(() => this.startRun(track), Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** (seat.failures - 1)))
  }

  private hear(message: FromWorker): void {
    if (message.type === 'progress') {
      this.progress = message.progress
      this.options.onChange()
    } else if (message.type === 'trouble') this.noteTrouble(message.track, message.takeId, message.cause)
    else if (message.type === 'commit') void this.commit(message.id, message.body)
    else if (message.type === 'want_picture') void this.takePicture(message.track)
    else if (message.type === 'still') this.options.onStill?.(message.track, message.atMs, message.jpeg)
  }

  /** The worker cannot go on with this take: another one begins, when there is room again. */
  private noteTrouble(track: Track, takeId: string, cause: Cause): void {
    if (this.seats[track].view.takeId !== takeId || this.seats[track].run === null) return
    this.endRun(track, cause)
    this.retryLater(track)
  }

  private async commit(id: number, body: CommitBody): Promise<void> {
    const answer = (await this.options.commit?.(body).catch(() => null)) ?? null
    this.tell({ type: 'committed', id, answer })
  }

  private async takePicture(track: Track): Promise<void> {
    const bitmap = (await this.seats[track].take?.()) ?? null
    if (bitmap !== null) this.tell({ type: 'picture', track, bitmap, atMs: Math.round(this.options.now()) }, [bitmap])
  }

  private change(track: Track, change: Partial<TrackView>): void {
    const seat = this.seats[track]
    const isMoved = change.state !== undefined && change.state !== seat.view.state
    seat.view = { ...seat.view, ...(isMoved ? { sinceMs: Math.round(this.options.now()) } : {}), ...change }
    this.options.onChange()
  }

  private tell(message: ToWorker, transfer: Transferable[] = []): void {
    this.options.worker.postMessage(message, transfer)
  }
}

export function createRecorder(options: RecorderOptions): Recorder {
  return new Recorder(options)
}
