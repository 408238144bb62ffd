import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { endOfTake, findNextShown, findSegment, findTake, listQuiet, listWanted, skipQuiet, spanOfPlace, type PlayedTake, type PlayedTrack } from '../src/index.ts'
import { computeCorrection } from '../src/pace.ts'
import { computePeaks } from '../src/loudness.ts'

function takeOf(id: string, origin: number, lengths: number[]): PlayedTake {
  let at = 0
  const starts = lengths.map((length) => {
    at += length
    return at - length
  })
  return { take_id: id, mime: 'video/mp4', origin_ms: origin, starts_ms: starts, ends_ms: at }
}

const track: PlayedTrack = {
  track: 'camera',
  takes: [takeOf('one', 1_000, [4_000, 4_000, 2_000]), takeOf('two', 20_000, [4_000, 4_000])],
  gaps: [{ from_ms: 11_000, to_ms: 20_000, cause: 'reload' }],
}

describe('places', () => {
  it.each([
    [999, undefined, 1_000],
    [1_000, 'one', 1_000],
    [10_999, 'one', 10_999],
    [11_000, undefined, 20_000],
    [19_999, undefined, 20_000],
    [20_000, 'two', 20_000],
    [27_999, 'two', 27_999],
    [28_000, undefined, undefined],
  ])('at %i shows %s, next %s', (at, id, next) => {
    expect(findTake(track, at)?.take_id).toBe(id)
    expect(findNextShown(track, at)).toBe(next)
  })

  it('finds the segment that begins last before the instant', () => {
    const take = track.takes[0]!
    expect([1_000, 4_999, 5_000, 9_000].map((at) => findSegment(take, at))).toEqual([1, 1, 2, 3])
  })

  it('wants what is ahead, across takes and in order, never a header', () => {
    const names = (at: number, ahead: number) => listWanted(track, at, ahead).map((place) => `${place.take.take_id}${place.seq}`)
    expect(names(1_000, 4_001)).toEqual(['one1', 'one2'])
    expect(names(10_500, 10_000)).toEqual(['one3', 'two1'])
    expect(names(28_000, 10_000)).toEqual([])
  })

  it('always wants the segment that shows the instant', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 500, max: 9_000 }), { minLength: 1, maxLength: 30 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (lengths, share) => {
        const take = takeOf('any', 5_000, lengths)
        const at = 5_000 + Math.floor(share * (endOfTake(take) - 5_000))
        const [first] = listWanted({ track: 'screen', takes: [take], gaps: [] }, at, 1)
        const span = spanOfPlace(first!)
        expect(span.from_ms <= at && at < span.to_ms).toBe(true)
      }),
    )
  })
})

describe('pace', () => {
  it.each([
    [0, 1, { kind: 'none' }],
    [15, 1, { kind: 'none' }],
    [-16, 1, { kind: 'rate', rate: 0.96 }],
    [60, 1, { kind: 'rate', rate: 1.15 }],
    [400, 2, { kind: 'rate', rate: 2 * 1.15 }],
    [401, 1, { kind: 'jump' }],
    [401, 4, { kind: 'rate', rate: 4 * 1.15 }],
  ] as const)('error %i ms at speed %i', (error, rate, expected) => {
    expect(computeCorrection(error, rate)).toEqual(expected)
  })
})

describe('quiet stretches', () => {
  it('leaves a margin around what happened and skips the rest', () => {
    const quiet = listQuiet({ from_ms: 0, to_ms: 200_000 }, [60_000, 61_000, 150_000])
    expect(quiet).toEqual([
      { from_ms: 0, to_ms: 55_000 },
      { from_ms: 66_000, to_ms: 145_000 },
      { from_ms: 155_000, to_ms: 200_000 },
    ])
    expect(skipQuiet(quiet, 70_000)).toBe(145_000)
    expect(skipQuiet(quiet, 145_000)).toBe(145_000)
    expect(skipQuiet(quiet, 60_000)).toBe(60_000)
  })

  it('never skips something that happened', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 40 }), (instants) => {
        const quiet = listQuiet({ from_ms: 0, to_ms: 1_000_000 }, instants)
        for (const at of instants) expect(quiet.some((one) => one.from_ms < at && at < one.to_ms)).toBe(false)
      }),
    )
  })
})

describe('loudness', () => {
  it('gives the greatest amplitude of every slice', () => {
    expect(computePeaks(Float32Array.from([0.1, -0.5, 0, 0.2, -2]), 2, 1_000)).toEqual([0.5, expect.closeTo(0.2), 1])
  })
})
