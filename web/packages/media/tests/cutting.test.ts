import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { CutError, join, readUint } from '../src/cutting/bytes.ts'
import { makeCutter, type Part } from '../src/cutting/cutter.ts'
import { children, IDS, readElement, readVint, uintOf } from '../src/cutting/ebml.ts'

/** Recorded by Chromium's own MediaRecorder: 7 s, 10 frames a second, a key frame every 2 s. */
const MATERIAL = { 'h264-opus.mp4': 'video/mp4', 'h264.mp4': 'video/mp4', 'vp9-opus.webm': 'video/webm', 'vp8.webm': 'video/webm' } as const
type Name = keyof typeof MATERIAL

const read = (name: Name): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(new URL(`material/${name}`, import.meta.url)))

function cut(name: Name, sizes: readonly number[] = []): Part[] {
  const cutter = makeCutter(MATERIAL[name])
  const bytes = read(name)
  const parts: Part[] = []
  let at = 0
  for (const size of sizes) {
    parts.push(...cutter.push(bytes.slice(at, at + size)))
    at += size
  }
  return [...parts, ...cutter.push(bytes.slice(at)), ...cutter.finish()]
}

const brief = (part: Part): unknown => [part.isHeader, part.p0Ms, part.p1Ms, createHash('sha256').update(part.bytes).digest('hex')]

/** Every block of a WebM: when, of which track, which bytes. */
function blocksOf(bytes: Uint8Array): string[] {
  const found: string[] = []
  let cluster = 0
  for (let at = 0; at < bytes.length; ) {
    const element = readElement(bytes, at)
    if (element === null) break
    at = element.id === IDS.segment || element.id === IDS.cluster ? element.payload : element.end
    if (element.id === IDS.timestamp) cluster = uintOf(bytes, element)
    const block = element.id === IDS.blockGroup ? children(bytes, element).find(({ id }) => id === IDS.block) : element.id === IDS.simpleBlock ? element : undefined
    if (block === undefined) continue
    const track = readVint(bytes, block.payload)
    const timeAt = block.payload + track.length
    const time = (readUint(bytes, timeAt, 2) << 16) >> 16
    found.push(`${track.value} ${cluster + time} ${Buffer.from(bytes.subarray(timeAt + 2, element.end)).toString('base64')}`)
  }
  return found
}

describe.each(Object.keys(MATERIAL) as Name[])('cutting %s', (name) => {
  it('gives a header and contiguous parts of about the key interval', () => {
    const [header, ...parts] = cut(name)
    expect(header?.isHeader).toBe(true)
    expect(parts.length).toBeGreaterThanOrEqual(3)
    expect(parts[0]?.p0Ms).toBeLessThan(100)
    expect(parts.at(-1)?.p1Ms).toBeGreaterThan(6_500)
    parts.forEach((part, place) => {
      expect(part.isHeader).toBe(false)
      expect(part.p1Ms).toBeGreaterThan(part.p0Ms)
      if (place > 0) expect(part.p0Ms).toBe(parts[place - 1]!.p1Ms)
    })
  })

  it('loses and changes no frame', () => {
    const cutBytes = join(cut(name).map((part) => part.bytes))
    if (name.endsWith('.mp4')) expect(Buffer.from(cutBytes).equals(Buffer.from(read(name)))).toBe(true)
    else expect(blocksOf(cutBytes)).toEqual(blocksOf(read(name)))
  })

  it('gives the same parts however the bytes arrive', () => {
    const whole = cut(name).map(brief)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9_000 }), { maxLength: 30 }), (sizes) => {
        expect(cut(name, sizes).map(brief)).toEqual(whole)
      }),
      { numRuns: 40 },
    )
  })

  it('never waits with bytes for ever: what broke off is not invented', () => {
    const bytes = read(name)
    const cutter = makeCutter(MATERIAL[name])
    const parts = [...cutter.push(bytes.slice(0, bytes.length - 100)), ...cutter.finish()]
    expect(parts.filter((part) => !part.isHeader).length).toBeGreaterThanOrEqual(2)
  })
})

describe('a live MP4', () => {
  it('lets a fragment go as soon as it is whole, once two have started on key frames', () => {
    const bytes = read('h264.mp4')
    const cutter = makeCutter('video/mp4')
    const third = nthIndexOf(bytes, 'moof', 3) - 4
    const parts = cutter.push(bytes.slice(0, third))
    expect(parts.filter((part) => !part.isHeader)).toHaveLength(2)
  })

  it('keeps a fragment that starts on no key frame with the one before', () => {
    const bytes = read('h264.mp4')
    const second = nthIndexOf(bytes, 'moof', 2) - 4
    const flags = bytes.indexOf(0x02, nthIndexOf(bytes, 'trun', 2) + 16)
    expect([...bytes.subarray(flags, flags + 4)]).toEqual([2, 0, 0, 0])
    bytes.set([1, 1, 0, 0], flags)
    const cutter = makeCutter('video/mp4')
    const parts = [...cutter.push(bytes), ...cutter.finish()].filter((part) => !part.isHeader)
    expect(parts[0]?.bytes.length).toBeGreaterThan(second - 751)
    expect(parts[0]?.p1Ms).toBe(parts[1]?.p0Ms)
    expect(parts[0]?.p1Ms).toBeGreaterThan(3_500)
  })

  it('never ends a part before it starts, however short the browser says the last frame was', () => {
    const bytes = read('h264.mp4')
    const last = nthIndexOf(bytes, 'tfdt', 4) + 8
    bytes.fill(0, last, last + 8) // as if it began long before the one before it ended
    const cutter = makeCutter('video/mp4')
    for (const part of [...cutter.push(bytes), ...cutter.finish()]) expect(part.p1Ms).toBeGreaterThanOrEqual(part.p0Ms)
  })

  it('refuses fragments without a header, and boxes that cannot be', () => {
    const bytes = read('h264.mp4')
    expect(() => makeCutter('video/mp4').push(bytes.slice(nthIndexOf(bytes, 'moof', 1) - 4))).toThrow(CutError)
    expect(() => makeCutter('video/mp4').push(new Uint8Array([0x7f, 0xff, 0xff, 0xff, 0x66, 0x74, 0x79, 0x70]))).toThrow(CutError)
  })
})

describe('a WebM with key frames far apart', () => {
  const header = [0x1a, 0x45, 0xdf, 0xa3, 0x80, 0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
  const cluster = (ticks: number): number[] => [0x1f, 0x43, 0xb6, 0x75, 0xff, 0xe7, 0x83, ticks >> 16, (ticks >> 8) & 255, ticks & 255]
  const block = (time: number, isKey: boolean, content: number): number[] => [0xa3, 0x85, 0x81, (time >> 8) & 255, time & 255, isKey ? 0x80 : 0, content]

  it('opens another cluster inside a part of more than 30 s', () => {
    const bytes = new Uint8Array([...header, ...cluster(0), ...block(0, true, 1), ...block(20_000, false, 2), ...cluster(40_000), ...block(0, false, 3), ...block(30_000, false, 4), ...block(31_000, true, 5)])
    const cutter = makeCutter('video/webm')
    const parts = [...cutter.push(bytes), ...cutter.finish()].filter((part) => !part.isHeader)
    expect(parts.map((part) => [part.p0Ms, part.p1Ms])).toEqual([[0, 71_000], [71_000, 72_000]])
    expect(blocksOf(join(parts.map((part) => part.bytes)))).toEqual(blocksOf(bytes))
  })

  it('refuses an element larger than any recording has', () => {
    const bytes = new Uint8Array([...header, ...cluster(0), 0xa3, 0x08, 0xff, 0xff, 0xff, 0xff])
    expect(() => makeCutter('video/webm').push(bytes)).toThrow(CutError)
  })
})

function nthIndexOf(bytes: Uint8Array, text: string, n: number): number {
  let at = -1
  for (let count = 0; count < n; count += 1) at = Buffer.from(bytes).indexOf(text, at + 1, 'latin1')
  return at
}
