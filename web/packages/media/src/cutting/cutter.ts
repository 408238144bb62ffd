/**
 * Cut what a MediaRecorder hands out into a header and parts that stand for themselves: each starts on a video key frame and can
 * be appended behind the header without the parts before it. Nothing is encoded again; no frame is lost or changed.
 */
import type { Bytes } from '@invigil/exam-core'

import { isMp4 } from '../codecs.ts'
import { Mp4Cutter } from './mp4.ts'
import { WebmCutter } from './webm.ts'

/** p0Ms: presentation time of the part's key frame; p1Ms: of the key frame after it, or the end of its last frame. */
export interface Part {
  isHeader: boolean
  bytes: Bytes
  p0Ms: number
  p1Ms: number
}

export interface Cutter {
  /** The newest presentation time seen so far, null before the first frame. */
  readonly newestMs: number | null
  /** Take the next bytes, in order, cut anywhere. Returns the parts that are complete now. Throws CutError. */
  push(bytes: Bytes): Part[]
  /** The recording is over: returns what is left. */
  finish(): Part[]
}

export function makeCutter(mime: string): Cutter {
  return isMp4(mime) ? new Mp4Cutter() : new WebmCutter()
}
