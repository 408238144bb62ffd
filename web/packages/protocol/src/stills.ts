/** Binary frames: a still on its way up from a page, and down to a wall. */
import type { TrackName } from './generated.ts'

const VERSION = 1
const TRACKS: readonly TrackName[] = ['screen', 'camera', 'phone']
/** The server refuses more. */
export const MAX_STILL_BYTES = 6144
const UP_HEAD = 10
const DOWN_HEAD = 12

export interface SeatStill {
  track: TrackName
  seatNumber: number
  /** When it was taken, server's clock, ms since 1970. */
  atMs: number
  jpeg: Uint8Array<ArrayBuffer>
}

/** Return the frame a page sends: version, track, time, JPEG. */
export function writeStill(track: TrackName, atMs: number, jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(UP_HEAD + jpeg.length)
  const head = new DataView(frame.buffer)
  head.setUint8(0, VERSION)
  head.setUint8(1, TRACKS.indexOf(track))
  head.setBigUint64(2, BigInt(Math.round(atMs)))
  frame.set(jpeg, UP_HEAD)
  return frame
}

/** Return the still in a frame of the staff socket; null for what this page does not know. */
export function readStill(frame: ArrayBuffer): SeatStill | null {
  if (frame.byteLength <= DOWN_HEAD) return null
  const head = new DataView(frame)
  const track = TRACKS[head.getUint8(1)]
  if (head.getUint8(0) !== VERSION || track === undefined) return null
  return {
    track,
    seatNumber: head.getUint16(2),
    atMs: Number(head.getBigUint64(4)),
    jpeg: new Uint8Array(frame, DOWN_HEAD),
  }
}
