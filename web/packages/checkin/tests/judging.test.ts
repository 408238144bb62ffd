import { describe, expect, it } from 'vitest'

import { judgeMicrophone, judgePicture, judgeSpeaker, type Judgement, type Measured } from '../src/index.ts'
import vectors from '../../../../tests/vectors/checkin.json'

/** As `rules/thresholds.py` has them; the page gets them from the server. */
const LIMITS = {
  dark_below: 45,
  bright_above: 205,
  flat_below: 4,
  covered_below: 12,
  blurred_below: 0.05,
  silent_below: 0.01,
  heard_above_db: 15,
  tones_needed: 2,
}

const JUDGES = { picture: judgePicture, microphone: judgeMicrophone, speaker: judgeSpeaker }

describe.each(Object.entries(JUDGES))('%s', (kind, judge) => {
  const cases = vectors[kind as keyof typeof JUDGES] as unknown as (Judgement & { measured: Measured })[]
  it.each(cases)('$measured is $reason', ({ measured, verdict, reason }) => {
    expect(judge(measured, LIMITS)).toEqual({ verdict, reason })
  })
})

it('does not judge without limits', () => {
  expect(() => judgeMicrophone({ peak: 0.5 }, {})).toThrow(RangeError)
})
