/** When a fragment of an MP4 starts and ends, and whether it starts on a key frame: read from the boxes, not from the frames. */
import { CutError, readUint } from './bytes.ts'
import { boxesAt, boxesIn, type Box } from './boxes.ts'

interface Defaults {
  duration: number
  flags: number
}

export interface Movie {
  videoTrackId: number
  ticksPerSecond: number
  defaults: Defaults
}

export interface Fragment {
  startMs: number
  endMs: number
  startsOnKey: boolean
}

const IS_NOT_A_KEY = 0x10000

/** Return what the header says of the picture. moov: the boxes inside. Throws CutError when there is none. */
export function readMovie(bytes: Uint8Array, moov: readonly Box[]): Movie {
  for (const trak of boxesAt(bytes, moov, ['trak'])) {
    const inside = boxesIn(bytes, trak)
    const [handler] = boxesAt(bytes, inside, ['mdia', 'hdlr'])
    const [mdhd] = boxesAt(bytes, inside, ['mdia', 'mdhd'])
    const [tkhd] = boxesAt(bytes, inside, ['tkhd'])
    if (!handler || !mdhd || !tkhd || kindOf(bytes, handler) !== 'vide') continue
    const videoTrackId = readUint(bytes, tkhd.payload + (bytes[tkhd.payload] === 1 ? 20 : 12), 4)
    const ticksPerSecond = readUint(bytes, mdhd.payload + (bytes[mdhd.payload] === 1 ? 20 : 12), 4)
    return { videoTrackId, ticksPerSecond, defaults: readDefaults(bytes, moov, videoTrackId) }
  }
  throw new CutError('no picture in the header')
}

function kindOf(bytes: Uint8Array, handler: Box): string {
  return String.fromCharCode(...bytes.subarray(handler.payload + 8, handler.payload + 12))
}

function readDefaults(bytes: Uint8Array, moov: readonly Box[], trackId: number): Defaults {
  const trex = boxesAt(bytes, moov, ['mvex', 'trex']).find((box) => readUint(bytes, box.payload + 4, 4) === trackId)
  if (trex === undefined) return { duration: 0, flags: 0 }
  return { duration: readUint(bytes, trex.payload + 12, 4), flags: readUint(bytes, trex.payload + 20, 4) }
}

/** Return what a moof says of its picture. A fragment without picture lasts no time and starts on no key. */
export function readFragment(bytes: Uint8Array, moof: Box, movie: Movie): Fragment {
  const traf = boxesAt(bytes, boxesIn(bytes, moof), ['traf']).find((box) => trackIdOf(bytes, box) === movie.videoTrackId)
  if (traf === undefined) return { startMs: 0, endMs: 0, startsOnKey: false }
  const inside = boxesIn(bytes, traf)
  const defaults = readHeader(bytes, inside, movie.defaults)
  const runs = boxesAt(bytes, inside, ['trun']).map((trun) => readRun(bytes, trun, defaults))
  const start = readStart(bytes, inside)
  const end = runs.reduce((sum, run) => sum + run.ticks, start)
  const toMs = (ticks: number): number => (ticks * 1000) / movie.ticksPerSecond
  return { startMs: toMs(start), endMs: toMs(end), startsOnKey: runs[0]?.startsOnKey ?? false }
}

function trackIdOf(bytes: Uint8Array, traf: Box): number {
  const [tfhd] = boxesAt(bytes, boxesIn(bytes, traf), ['tfhd'])
  return tfhd === undefined ? 0 : readUint(bytes, tfhd.payload + 4, 4)
}

/** tfhd: optional fields in this order — base offset 8, description 4, duration 4, size 4, flags 4. */
function readHeader(bytes: Uint8Array, traf: readonly Box[], given: Defaults): Defaults {
  const [tfhd] = boxesAt(bytes, traf, ['tfhd'])
  if (tfhd === undefined) return given
  const has = readUint(bytes, tfhd.payload + 1, 3)
  if ((has & 0x1) !== 0) throw new CutError('fragments that count from the start of the file cannot be cut')
  let at = tfhd.payload + 8 + ((has & 0x2) !== 0 ? 4 : 0)
  const read = { ...given }
  if ((has & 0x8) !== 0) {
    read.duration = readUint(bytes, at, 4)
    at += 4
  }
  if ((has & 0x10) !== 0) at += 4
  if ((has & 0x20) !== 0) read.flags = readUint(bytes, at, 4)
  return read
}

function readStart(bytes: Uint8Array, traf: readonly Box[]): number {
  const [tfdt] = boxesAt(bytes, traf, ['tfdt'])
  if (tfdt === undefined) throw new CutError('a fragment without its time')
  return readUint(bytes, tfdt.payload + 4, bytes[tfdt.payload] === 1 ? 8 : 4)
}

/** trun: count 4, optional data offset 4, optional flags of the first sample 4; then per sample duration, size, flags, offset. */
function readRun(bytes: Uint8Array, trun: Box, defaults: Defaults): { ticks: number; startsOnKey: boolean } {
  const has = readUint(bytes, trun.payload + 1, 3)
  const count = readUint(bytes, trun.payload + 4, 4)
  const lengthOf = (bit: number): number => ((has & bit) !== 0 ? 4 : 0)
  const firstFlagsAt = trun.payload + 8 + lengthOf(0x1)
  const at = firstFlagsAt + lengthOf(0x4)
  const sample = lengthOf(0x100) + lengthOf(0x200) + lengthOf(0x400) + lengthOf(0x800)
  if (at + sample * count > trun.end) throw new CutError('a run that is longer than its box')
  let flags = (has & 0x400) !== 0 ? readUint(bytes, at + lengthOf(0x100) + lengthOf(0x200), 4) : defaults.flags
  if ((has & 0x4) !== 0) flags = readUint(bytes, firstFlagsAt, 4)
  let ticks = (has & 0x100) !== 0 ? 0 : defaults.duration * count
  if ((has & 0x100) !== 0) for (let n = 0; n < count; n += 1) ticks += readUint(bytes, at + n * sample, 4)
  return { ticks, startsOnKey: (flags & IS_NOT_A_KEY) === 0 }
}
