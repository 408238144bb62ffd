import { describe, expect, it, vi } from 'vitest'

import { TrackFeed, spanOfPlace, type PlayedTake, type PlayedTrack } from '../src/index.ts'

const LENGTH_MS = 4_000
const COUNT = 1_350

/** A buffer that knows what it was given: every segment says which number it has. */
class FakeBuffer extends EventTarget {
  mode = ''
  timestampOffset = 0
  held: { from: number; to: number }[] = []

  get buffered() {
    const { held } = this
    return { length: held.length, start: (index: number) => held[index]!.from, end: (index: number) => held[index]!.to }
  }
  appendBuffer(bytes: Uint8Array): void {
    const seq = new DataView(bytes.buffer).getUint32(0)
    if (seq > 0) this.held = [...this.held, { from: ((seq - 1) * LENGTH_MS) / 1000, to: (seq * LENGTH_MS) / 1000 }].sort((one, other) => one.from - other.from)
    this.finish()
  }
  /** A segment that loses its begin loses its key frame, and with it everything. */
  remove(from: number, to: number): void {
    this.held = this.held.flatMap((one) => (one.from < to && one.to > from ? (one.from < from ? [{ from: one.from, to: from }] : []) : [one]))
    this.finish()
  }
  changeType(): void {
    return undefined
  }
  private finish(): void {
    queueMicrotask(() => this.dispatchEvent(new Event('updateend')))
  }
}

class FakeSource extends EventTarget {
  static buffer: FakeBuffer
  readyState = 'open'
  duration = 0
  addSourceBuffer(): FakeBuffer {
    return (FakeSource.buffer = new FakeBuffer())
  }
}

const take: PlayedTake = { take_id: 'one', mime: 'video/mp4', origin_ms: 0, starts_ms: Array.from({ length: COUNT }, (_, index) => index * LENGTH_MS), ends_ms: COUNT * LENGTH_MS }
const track: PlayedTrack = { track: 'screen', takes: [take], gaps: [] }

function open() {
  vi.stubGlobal('MediaSource', FakeSource)
  vi.stubGlobal('URL', { createObjectURL: () => 'blob:', revokeObjectURL: () => undefined })
  const fetched: number[] = []
  const video = { currentTime: 0, get buffered() { return FakeSource.buffer.buffered } } as unknown as HTMLVideoElement
  const feed = new TrackFeed(video, track, { from_ms: 0, to_ms: take.ends_ms }, (_track, _take, seq) => {
    fetched.push(seq)
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setUint32(0, seq)
    return Promise.resolve(bytes)
  })
  const settle = async (atMs: number) => {
    feed.jump(atMs)
    await vi.waitFor(() => expect(feed.isLoading).toBe(false))
    return feed.stateAt(atMs)
  }
  return { feed, fetched, settle }
}

describe('a feed of ninety minutes', () => {
  it('holds no more than a window, wherever it is put', async () => {
    const { fetched, settle } = open()
    for (let step = 0; step < 40; step += 1) {
      expect(await settle(((step * 0.618) % 1) * (take.ends_ms - 1))).toBe('shown')
      const held = FakeSource.buffer.held.reduce((sum, one) => sum + one.to - one.from, 0)
      expect(held).toBeLessThanOrEqual(100)
    }
    expect(fetched.length).toBeLessThan(40 * 5 + 1)
  })

  it('goes on after a look back to what was given up in part', async () => {
    const { settle } = open()
    for (let at = 100_000; at <= 150_000; at += 2_000) await settle(at)
    // Far enough that the end of what was loaded is given up, near enough that its begin is kept.
    for (let at = 103_000; at <= 160_000; at += 1_000) expect([at, await settle(at)]).toEqual([at, 'shown'])
  })

  it('shows a segment whose begin was given up', async () => {
    const { settle } = open()
    for (let at = 0; at <= 62_000; at += 2_000) await settle(at)
    for (const at of [22_500, 20_500, 26_000, 45_000]) expect([at, await settle(at)]).toEqual([at, 'shown'])
    expect(spanOfPlace({ take, seq: 1_350 }).to_ms).toBe(take.ends_ms)
  })
})
