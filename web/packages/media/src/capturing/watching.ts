/** Notice at once that a track stands still: it ended, it is muted, or no frame has come for three seconds. Source: S3.14 */
import type { Cause } from '../model.ts'

/** A camera delivers every tenth of a second; so long without a frame is no hiccup any more. */
export const NO_FRAMES_MS = 3_000
const LOOK_MS = 500

/** null: the picture runs. */
export type Standstill = Extract<Cause, 'ended_by_user' | 'device_lost' | 'muted'> | null

export interface WatchOptions {
  /** Which cause the end of the picture has: a screen is ended by the user, a camera gets lost. */
  endedCause: 'ended_by_user' | 'device_lost'
  /** A screen that nobody touches may deliver nothing for long. */
  expectsFrames: boolean
  onPicture(standstill: Standstill): void
  /** The microphone is gone or muted, or is back. The picture goes on. */
  onSound(isSilent: boolean): void
}

interface Frames {
  count: number
  sinceMs: number
}

/** Return the rule's verdict: since when frames stand, and whether that is too long. Pure; times in milliseconds. */
export function judgeFrames(before: Frames, count: number, now: number): { frames: Frames; isStill: boolean } {
  const frames = count === before.count ? before : { count, sinceMs: now }
  return { frames, isStill: now - frames.sinceMs >= NO_FRAMES_MS }
}

/** Watch a stream until the returned function is called. */
export function watchStream(stream: MediaStream, options: WatchOptions): () => void {
  const picture = stream.getVideoTracks()[0]
  const sound = stream.getAudioTracks()[0]
  const events = new AbortController()
  let frames: Frames = { count: -1, sinceMs: performance.now() }
  let isStill = false
  let last: Standstill | undefined

  function look(): void {
    const now: Standstill = picture === undefined || picture.readyState === 'ended' ? options.endedCause : picture.muted ? 'muted' : isStill ? 'device_lost' : null
    if (now === last) return
    last = now
    options.onPicture(now)
  }
  function lookAtFrames(): void {
    const count = picture === undefined || !options.expectsFrames ? null : deliveredFrames(picture)
    if (count !== null) {
      const judged = judgeFrames(frames, count, performance.now())
      frames = judged.frames
      isStill = judged.isStill
    }
    look()
  }
  const hear = (): void => options.onSound(sound !== undefined && (sound.muted || sound.readyState === 'ended'))
  for (const kind of ['ended', 'mute', 'unmute']) {
    picture?.addEventListener(kind, look, { signal: events.signal })
    sound?.addEventListener(kind, hear, { signal: events.signal })
  }
  const timer = setInterval(lookAtFrames, LOOK_MS)
  look()
  hear()
  return () => {
    events.abort()
    clearInterval(timer)
  }
}

/** Return how many frames the track has delivered so far; null where the browser does not count. */
function deliveredFrames(track: MediaStreamTrack): number | null {
  return (track as MediaStreamTrack & { stats?: { deliveredFrames?: number } }).stats?.deliveredFrames ?? null
}
