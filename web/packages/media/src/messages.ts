/** What page and worker tell each other. Times are milliseconds since 1970 on the server's clock: the page knows it, the worker does not. */
import type { Cause, CommitBody, TakeBody, Track } from './model.ts'
import type { LineAnswer } from './sending/commit-line.ts'

export interface Setup {
  attemptId: string
  /** base64url, 32 bytes. */
  publicKey: string
  /** What proves who asks: the ticket's header, and whatever else the server wants with a POST. */
  headers: Record<string, string>
  /** Why the takes that an earlier page left open ended. */
  leftBecause: Cause
  /** More than this many bytes never wait on this computer; null: as much as the browser gives. */
  maxWaitingBytes: number | null
}

export type TakeStart = Omit<TakeBody, 'wrapped_key' | 'started_at'> & { startedAtMs: number }

export type ToWorker =
  | { type: 'setup'; setup: Setup }
  | { type: 'headers'; headers: Record<string, string> }
  | { type: 'begin'; take: TakeStart }
  | { type: 'blob'; takeId: string; blob: Blob; atMs: number }
  | { type: 'end'; takeId: string; cause: Cause; atMs: number }
  | { type: 'gap'; track: Track; fromMs: number; cause: Cause }
  | { type: 'close_gap'; track: Track; toMs: number }
  /** An answer is on its way to the server: uploads wait. */
  | { type: 'hold'; isHeld: boolean }
  /** The network may be back. */
  | { type: 'wake' }
  | { type: 'linked'; isLinked: boolean }
  | { type: 'committed'; id: number; answer: LineAnswer }
  | { type: 'stills'; tracks: Track[]; intervalMs: number }
  | { type: 'picture'; track: Track; bitmap: ImageBitmap; atMs: number }

/** How the copy at the server stands. offline: it cannot be reached; login_lost: it does not know this page any more. */
export type SendingState = 'idle' | 'sending' | 'offline' | 'login_lost'

export interface TrackProgress {
  /** Segments stored here so far in the running take. */
  localSeq: number
  /** Seconds of this track that exist as segments, here or at the server, over all takes of the attempt. */
  recordedMs: number
  waitingSegments: number
  waitingBytes: number
  /** Arrival time of the oldest segment that still waits; null when nothing waits. */
  waitingSinceMs: number | null
}

export interface Progress {
  tracks: Record<Track, TrackProgress>
  sending: SendingState
  /** Takes, ends and gaps that the server has not heard of, beside segments. */
  hasMoreToSay: boolean
  /** Share of the browser's storage in use, 0 to 1; null when the browser does not say. */
  storageShare: number | null
}

export type FromWorker =
  | { type: 'ready' }
  | { type: 'progress'; progress: Progress }
  /** The take cannot go on; the page begins another one when it can. */
  | { type: 'trouble'; takeId: string; track: Track; cause: Cause }
  | { type: 'commit'; id: number; body: CommitBody }
  /** Time for a still of this track. */
  | { type: 'want_picture'; track: Track }
  | { type: 'still'; track: Track; atMs: number; jpeg: Uint8Array<ArrayBuffer> }
