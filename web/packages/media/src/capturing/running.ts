/** One run of one MediaRecorder. Its bytes go to the worker as they come; the page never looks into them. */
export interface RunOptions {
  stream: MediaStream
  mime: string
  videoKbps: number
  audioKbps: number
  /** A key frame about so often: the length of a segment. */
  segmentMs: number
  /** The server's time. */
  now(): number
  onData(blob: Blob, atMs: number): void
  /** The encoder runs. */
  onStart(): void
  /** Everything has been handed out. isFailed: the encoder gave up by itself. */
  onStop(isFailed: boolean): void
}

/** How often WebM is handed out; MP4 comes by whole fragments, whatever is asked. */
const SLICE_MS = 1_000

interface KeyFrameOptions extends MediaRecorderOptions {
  videoKeyFrameIntervalDuration: number
}

export interface Run {
  /** When it was started, on the server's clock: taken before the start, for the browser's own event comes late. */
  startedAtMs: number
  /** Stop; `onStop` follows when the last bytes are out. */
  stop(): void
}

/** Start recording. Throws DOMException when the browser will not. */
export function startRun(options: RunOptions): Run {
  const { stream, mime, now } = options
  const wanted: KeyFrameOptions = {
    mimeType: mime,
    videoBitsPerSecond: options.videoKbps * 1000,
    audioBitsPerSecond: options.audioKbps * 1000,
    videoKeyFrameIntervalDuration: options.segmentMs,
  }
  const recorder = new MediaRecorder(stream, wanted)
  let isFailed = false
  recorder.ondataavailable = ({ data }) => options.onData(data, now())
  recorder.onstart = () => options.onStart()
  recorder.onerror = () => {
    isFailed = true
    if (recorder.state !== 'inactive') recorder.stop()
  }
  recorder.onstop = () => options.onStop(isFailed)
  const startedAtMs = Math.round(now())
  recorder.start(SLICE_MS)
  return {
    startedAtMs,
    stop: () => {
      if (recorder.state !== 'inactive') recorder.stop()
    },
  }
}

