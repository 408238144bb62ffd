/**
 * WebM: MediaRecorder writes a Cluster only every half minute or so, and key frames lie anywhere in it. Every part gets a Cluster of
 * its own at its key frame; the blocks are copied as they are, but for their 16-bit time, which is relative to the Cluster.
 */
import { join, CutError, readUint, viewOf } from './bytes.ts'
import type { Bytes } from '@invigil/exam-core'
import type { Cutter, Part } from './cutter.ts'
import { children, IDS, readElement, readVint, uintOf, type Element } from './ebml.ts'

/** A block's time reaches 32,767 ticks from its Cluster; a longer part gets another Cluster inside. */
const CLUSTER_MAX_TICKS = 30_000
/** No element of a live recording comes near this: what claims to be larger is broken. */
const ELEMENT_MAX_BYTES = 64 * 1024 * 1024
const SEGMENT_OF_UNKNOWN_SIZE = [0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
const CLUSTER_WITH_TIME = [0x1f, 0x43, 0xb6, 0x75, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xe7, 0x88]
const VIDEO = 1

interface Block {
  bytes: Bytes
  /** Of the 16-bit time inside `bytes`. */
  timeAt: number
  ticks: number
  isVideo: boolean
  isKey: boolean
}

interface OpenPart {
  pieces: Uint8Array[]
  clusterTicks: number
  startTicks: number
  hasVideo: boolean
}

export class WebmCutter implements Cutter {
  newestMs: number | null = null
  private rest: Bytes = new Uint8Array()
  private header: Uint8Array[] | null = []
  private msPerTick = 1
  private videoTrack = 1
  private clusterTicks = 0
  private part: OpenPart | null = null
  private lastVideoTicks = 0
  private frameTicks = 0

  push(bytes: Bytes): Part[] {
    this.rest = this.rest.length === 0 ? bytes : join([this.rest, bytes])
    const parts: Part[] = []
    let at = 0
    for (let element = readElement(this.rest, at); element !== null; element = readElement(this.rest, at)) {
      const isOpened = element.id === IDS.segment || element.id === IDS.cluster
      const end = isOpened ? element.payload : element.end
      if (end - element.at > ELEMENT_MAX_BYTES) throw new CutError(`an element of ${end - element.at} bytes`)
      if (end > this.rest.length) break
      this.take(element, parts)
      at = end
    }
    this.rest = this.rest.subarray(at)
    return parts
  }

  finish(): Part[] {
    const parts: Part[] = []
    this.close(this.lastVideoTicks + this.frameTicks, parts)
    return parts
  }

  private take(element: Element, parts: Part[]): void {
    if (element.id === IDS.cluster) this.endHeader(parts)
    else if (this.header !== null) this.takeIntoHeader(element, this.header)
    else if (element.id === IDS.timestamp) this.clusterTicks = uintOf(this.rest, element)
    else if (element.id === IDS.simpleBlock) this.takeBlock(this.readBlock(element, element, null), parts)
    else if (element.id === IDS.blockGroup) this.takeGroup(element, parts)
    // Anything else inside a Cluster (Position, PrevSize) or behind it (Cues) speaks of the old places: left out.
  }

  private endHeader(parts: Part[]): void {
    if (this.header === null) return
    parts.push({ isHeader: true, bytes: join(this.header), p0Ms: 0, p1Ms: 0 })
    this.header = null
  }

  private takeIntoHeader(element: Element, header: Uint8Array[]): void {
    if (element.id === IDS.segment) return void header.push(new Uint8Array(SEGMENT_OF_UNKNOWN_SIZE))
    header.push(this.rest.slice(element.at, element.end))
    if (element.id === IDS.info) this.readInfo(element)
    if (element.id === IDS.tracks) this.readTracks(element)
  }

  private readInfo(info: Element): void {
    const scale = children(this.rest, info).find(({ id }) => id === IDS.timestampScale)
    if (scale !== undefined) this.msPerTick = uintOf(this.rest, scale) / 1_000_000
  }

  private readTracks(tracks: Element): void {
    for (const entry of children(this.rest, tracks)) {
      const fields = new Map(children(this.rest, entry).map((field) => [field.id, field]))
      const [number, type] = [fields.get(IDS.trackNumber), fields.get(IDS.trackType)]
      if (number && type && uintOf(this.rest, type) === VIDEO) this.videoTrack = uintOf(this.rest, number)
    }
  }

  /** A group wraps a block when there is more to say of it (an alpha channel, a duration). It is a key frame unless it refers to another. */
  private takeGroup(group: Element, parts: Part[]): void {
    const inside = children(this.rest, group)
    const block = inside.find(({ id }) => id === IDS.block)
    if (block === undefined) throw new CutError('a group without a block')
    const isKey = !inside.some(({ id }) => id === IDS.referenceBlock)
    this.takeBlock(this.readBlock(group, block, isKey), parts)
  }

  private readBlock(whole: Element, block: Element, isKey: boolean | null): Block {
    const track = readVint(this.rest, block.payload)
    const timeAt = block.payload + track.length
    const flags = this.rest[timeAt + 2] ?? 0
    return {
      bytes: this.rest.slice(whole.at, whole.end),
      timeAt: timeAt - whole.at,
      ticks: this.clusterTicks + toSigned16(readUint(this.rest, timeAt, 2)),
      isVideo: track.value === this.videoTrack,
      isKey: isKey ?? (flags & 0x80) !== 0,
    }
  }

  private takeBlock(block: Block, parts: Part[]): void {
    if (block.isVideo && block.isKey && this.part?.hasVideo) this.close(block.ticks, parts)
    if (block.isVideo) this.noteFrame(block)
    this.newestMs = Math.max(this.newestMs ?? 0, block.ticks * this.msPerTick)
    this.add(block)
  }

  private noteFrame(block: Block): void {
    if (block.ticks > this.lastVideoTicks) this.frameTicks = block.ticks - this.lastVideoTicks
    this.lastVideoTicks = block.ticks
  }

  private add(block: Block): void {
    const part = (this.part ??= { pieces: [], clusterTicks: -Infinity, startTicks: block.ticks, hasVideo: false })
    if (block.isVideo && !part.hasVideo) Object.assign(part, { hasVideo: true, startTicks: block.ticks })
    if (Math.abs(block.ticks - part.clusterTicks) > CLUSTER_MAX_TICKS) {
      part.clusterTicks = block.ticks
      part.pieces.push(makeCluster(block.ticks))
    }
    viewOf(block.bytes).setInt16(block.timeAt, block.ticks - part.clusterTicks)
    part.pieces.push(block.bytes)
  }

  private close(nextTicks: number, parts: Part[]): void {
    if (this.part === null) return
    const { pieces, startTicks } = this.part
    parts.push({ isHeader: false, bytes: join(pieces), p0Ms: startTicks * this.msPerTick, p1Ms: nextTicks * this.msPerTick })
    this.part = null
  }
}

function makeCluster(ticks: number): Uint8Array {
  const cluster = new Uint8Array(CLUSTER_WITH_TIME.length + 8)
  cluster.set(CLUSTER_WITH_TIME)
  viewOf(cluster).setBigUint64(CLUSTER_WITH_TIME.length, BigInt(Math.max(0, ticks)))
  return cluster
}

function toSigned16(value: number): number {
  return value >= 0x8000 ? value - 0x10000 : value
}
