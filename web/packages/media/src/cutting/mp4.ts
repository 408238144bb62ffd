/**
 * Fragmented MP4: ftyp and moov are the header, every moof with its mdat is a fragment. Fragments start on key frames in every browser
 * known; where one does not, it stays with the fragment before it, and cutting then waits for the next before it lets one go.
 */
import type { Bytes } from '@invigil/exam-core'

import { CutError, join } from './bytes.ts'
import { boxesIn, readBox, type Box } from './boxes.ts'
import type { Cutter, Part } from './cutter.ts'
import { readFragment, readMovie, type Fragment, type Movie } from './movie.ts'

const BOX_MAX_BYTES = 256 * 1024 * 1024
/** Boxes that belong to the fragment behind them. */
const LEADING = new Set(['styp', 'sidx', 'prft', 'emsg'])

interface OpenPart {
  pieces: Uint8Array[]
  startMs: number
  endMs: number
}

export class Mp4Cutter implements Cutter {
  newestMs: number | null = null
  private rest: Bytes = new Uint8Array()
  private header: Uint8Array[] = []
  private movie: Movie | null = null
  private leading: Uint8Array[] = []
  private part: OpenPart | null = null
  private fragments = 0
  private isAligned = true
  private endedMs: number | null = null

  push(bytes: Bytes): Part[] {
    this.rest = this.rest.length === 0 ? bytes : join([this.rest, bytes])
    const parts: Part[] = []
    let at = 0
    for (let box = readBox(this.rest, at); box !== null; box = readBox(this.rest, at)) {
      if (box.end - box.at > BOX_MAX_BYTES) throw new CutError(`a box of ${box.end - box.at} bytes`)
      if (box.end > this.rest.length) break
      this.take(box, parts)
      at = box.end
    }
    this.rest = this.rest.subarray(at)
    return parts
  }

  finish(): Part[] {
    const parts: Part[] = []
    this.close(parts)
    return parts
  }

  private take(box: Box, parts: Part[]): void {
    const bytes = this.rest.slice(box.at, box.end)
    if (this.movie === null) this.takeIntoHeader(box, bytes, parts)
    else if (box.type === 'moof') this.open(readFragment(this.rest, box, this.movie), bytes, parts)
    else if (box.type === 'mdat') this.fill(bytes, parts)
    else if (LEADING.has(box.type)) this.leading.push(bytes)
    // Anything else (mfra at the end) is an index of the old places: left out.
  }

  private takeIntoHeader(box: Box, bytes: Bytes, parts: Part[]): void {
    if (box.type === 'moof' || box.type === 'mdat') throw new CutError('a fragment before the header')
    this.header.push(bytes)
    if (box.type !== 'moov') return
    this.movie = readMovie(this.rest, boxesIn(this.rest, box))
    parts.push({ isHeader: true, bytes: join(this.header), p0Ms: 0, p1Ms: 0 })
  }

  private open(fragment: Fragment, bytes: Bytes, parts: Part[]): void {
    this.fragments += 1
    if (fragment.startsOnKey) this.close(parts)
    else if (this.fragments > 1) this.isAligned = false
    // How long the last frame of a fragment lasts is a guess of the browser's: parts meet where the earlier one ends.
    const part = (this.part ??= { pieces: [], startMs: this.endedMs ?? fragment.startMs, endMs: fragment.endMs })
    part.pieces.push(...this.leading, bytes)
    part.endMs = Math.max(part.startMs, part.endMs, fragment.endMs)
    this.leading = []
  }

  /** A fragment is whole. Once it is known that fragments start on key frames, nothing waits any longer. */
  private fill(bytes: Bytes, parts: Part[]): void {
    if (this.part === null) throw new CutError('data without a fragment')
    this.part.pieces.push(bytes)
    this.newestMs = Math.max(this.newestMs ?? 0, this.part.endMs)
    if (this.isAligned && this.fragments > 1) this.close(parts)
  }

  private close(parts: Part[]): void {
    if (this.part === null) return
    parts.push({ isHeader: false, bytes: join(this.part.pieces), p0Ms: this.part.startMs, p1Ms: this.part.endMs })
    this.endedMs = this.part.endMs
    this.part = null
  }
}
