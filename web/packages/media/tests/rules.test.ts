import type { Bytes } from '@invigil/exam-core'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { judgeFrames, NO_FRAMES_MS } from '../src/capturing/watching.ts'
import { chooseMime } from '../src/codecs.ts'
import { makeTakeId } from '../src/ids.ts'
import { causeOfLeaving, noteLeaving } from '../src/leaving.ts'
import { AccessPoints } from '../src/sending/access-points.ts'
import { Alarm, Courtesy, retryAfterMs } from '../src/sending/pace.ts'
import { fitBox, fitBytes, STILL_MAX_BYTES } from '../src/worker/stills.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('codec', () => {
  const only = (...types: string[]) => (mime: string): boolean => types.includes(mime)
  it.each([
    ['Chrome on Windows', true, () => true, 'video/mp4;codecs=avc1.42E01F,mp4a.40.2'],
    ['Chromium', true, (mime: string) => !mime.includes('mp4a'), 'video/mp4;codecs=avc1.42E01F,opus'],
    ['a screen', false, () => true, 'video/mp4;codecs=avc1.42E01F'],
    ['a screen without MP4', false, (mime: string) => mime.includes('webm'), 'video/webm;codecs=vp9'],
    ['Firefox', true, only('video/webm;codecs=vp8,opus'), 'video/webm;codecs=vp8,opus'],
    ['old Safari', true, only('video/mp4'), 'video/mp4'],
    ['nothing', true, () => false, null],
  ])('%s', (_name, hasAudio, isSupported, wanted) => expect(chooseMime(hasAudio, isSupported)).toBe(wanted))

  it('never asks for H.264 in WebM, which no browser plays piecewise', () => {
    const asked: string[] = []
    chooseMime(true, (mime) => asked.push(mime) < 0)
    expect(asked.filter((mime) => mime.includes('webm') && /avc1|h264/.test(mime))).toEqual([])
  })
})

describe('frames', () => {
  it.each([
    [1, 2_999, false],
    [1, 3_000, true],
    [2, 3_000, false],
    [2, 60_000, false],
  ])('count %i at %i ms: still %s', (count, now, isStill) => {
    expect(judgeFrames({ count: 1, sinceMs: 0 }, count, now).isStill).toBe(isStill)
    expect(NO_FRAMES_MS).toBeLessThanOrEqual(5_000 - 500) // a stop is shown within 5 s
  })
})

describe('access points', () => {
  const offered = [{ name: 'a', url: 'https://a' }, { name: 'b', url: 'https://b' }, { name: 'c', url: 'https://c' }]
  it('prefers the quickest, steps back from one that fails, and comes back to it', () => {
    const points = new AccessPoints()
    points.offer(offered)
    expect(points.inOrder(0)).toEqual(['a', 'b', 'c'])
    for (const [name, took] of [['a', 90], ['b', 30], ['c', 60]] as const) points.worked(name, took)
    expect(points.inOrder(0)).toEqual(['b', 'c', 'a'])
    points.failed('b', 0)
    expect(points.inOrder(1)).toEqual(['c', 'a', 'b'])
    expect(points.inOrder(5_000)).toEqual(['b', 'c', 'a'])
    points.failed('b', 5_000)
    expect(points.inOrder(14_999)[2]).toBe('b')
    points.offer([offered[1]!, offered[2]!])
    expect(points.inOrder(14_999)).toEqual(['c', 'b'])
    for (let n = 0; n < 20; n += 1) points.worked('b', 900)
    for (let n = 0; n < 20; n += 1) points.failed('c', 0)
    expect(points.inOrder(59_999)[0]).toBe('b')
    expect(points.inOrder(60_000)[0]).toBe('c') // never away for more than a minute
  })
})

describe('pace', () => {
  it.each([[1, 500, 1_000], [2, 1_000, 2_000], [4, 4_000, 8_000], [40, 4_000, 8_000]])('waits after %i failures between %i and %i ms', (failures, least, most) => {
    expect(retryAfterMs(failures, 0)).toBe(least)
    expect(retryAfterMs(failures, 1)).toBe(most)
  })

  it('wakes before the time, also when woken early', async () => {
    vi.useFakeTimers()
    const alarm = new Alarm()
    const first = alarm.wait(1_000_000)
    alarm.wake()
    await first
    alarm.wake()
    await alarm.wait(1_000_000)
    let isDone = false
    void alarm.wait(1_000).then(() => (isDone = true))
    await vi.advanceTimersByTimeAsync(999)
    expect(isDone).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(isDone).toBe(true)
  })

  it('lets an answer go first, but not for ever', async () => {
    vi.useFakeTimers()
    const courtesy = new Courtesy()
    await courtesy.pass()
    courtesy.hold(true)
    let passed = 0
    void courtesy.pass().then(() => (passed += 1))
    await vi.advanceTimersByTimeAsync(100)
    expect(passed).toBe(0)
    courtesy.hold(false)
    await vi.advanceTimersByTimeAsync(0)
    expect(passed).toBe(1)
    courtesy.hold(true)
    void courtesy.pass().then(() => (passed += 1))
    await vi.advanceTimersByTimeAsync(4_000)
    expect(passed).toBe(2)
  })
})

describe('stills', () => {
  it.each([[640, 480, 240, 180], [1280, 720, 240, 135], [480, 640, 135, 180], [100, 50, 100, 50]])('%ix%i fits as %ix%i', (width, height, w, h) => {
    expect(fitBox(width, height)).toEqual({ width: w, height: h })
  })

  it('lowers the quality until it fits, and sends nothing that does not', async () => {
    const encode = (perQuality: number) => (quality: number): Promise<Bytes> => Promise.resolve(new Uint8Array(Math.round(quality * perQuality)))
    expect((await fitBytes(encode(5_000)))?.length).toBe(3_000)
    expect((await fitBytes(encode(15_000)))?.length).toBe(6_000)
    expect((await fitBytes(encode(100_000)))).toBeNull()
    expect(STILL_MAX_BYTES).toBe(6_144)
  })
})

describe('leaving', () => {
  it('tells a reload from a closed page from a killed browser', () => {
    const kept = new Map<string, string>()
    vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value), removeItem: (key: string) => kept.delete(key) })
    expect(causeOfLeaving('att_1', true)).toBe('killed')
    noteLeaving('att_1')
    expect(causeOfLeaving('att_2', true)).toBe('killed')
    expect(causeOfLeaving('att_1', true)).toBe('reload')
    noteLeaving('att_1')
    expect(causeOfLeaving('att_1', false)).toBe('page_closed')
    expect(causeOfLeaving('att_1', false)).toBe('killed')
  })
})

describe('ids', () => {
  it('look like the server’s and sort by time', () => {
    const [early, late] = [makeTakeId(1_764_000_000_000), makeTakeId(1_764_000_000_001)]
    for (const id of [early, late]) expect(id).toMatch(/^take_[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(early < late).toBe(true)
  })
})
