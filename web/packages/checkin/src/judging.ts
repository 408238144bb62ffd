/** Verdicts while measuring, the same as the server's (`rules/judging.py`, shared vectors); the server's word counts. Source: S3.9 */
import type { Judgement, Judging, Measured } from './model.ts'

type Limits = Judging['thresholds']

const limit = (limits: Limits, name: string): number => {
  const value = limits[name]
  if (value === undefined) throw new RangeError(`no threshold ${name}`)
  return value
}
const number = (measured: Measured, name: string): number => Number(measured[name])

/** mean, deviation: of the luma, 0 to 255. sharpness: >= 0. */
export function judgePicture(measured: Measured, limits: Limits): Judgement {
  const [mean, deviation, sharpness] = [number(measured, 'mean'), number(measured, 'deviation'), number(measured, 'sharpness')]
  if (mean > limit(limits, 'bright_above')) return { verdict: 'fail', reason: 'picture_bright' }
  if (deviation < limit(limits, 'flat_below')) return { verdict: 'fail', reason: 'picture_covered' }
  if (mean < limit(limits, 'dark_below')) return { verdict: 'fail', reason: 'picture_dark' }
  if (deviation < limit(limits, 'covered_below')) return { verdict: 'fail', reason: 'picture_covered' }
  if (sharpness < limit(limits, 'blurred_below')) return { verdict: 'fail', reason: 'picture_blurred' }
  return { verdict: 'pass', reason: 'picture_good' }
}

/** peak: 0 to 1, the loudest since listening began; below 0 without a microphone. */
export function judgeMicrophone(measured: Measured, limits: Limits): Judgement {
  const peak = number(measured, 'peak')
  if (peak < 0) return { verdict: 'fail', reason: 'microphone_missing' }
  return peak <= limit(limits, 'silent_below') ? { verdict: 'fail', reason: 'microphone_silent' } : { verdict: 'pass', reason: 'microphone_good' }
}

/** gain_1 to gain_3: dB of each tone over the quiet. counted of played: what the candidate heard; played 0: not asked. */
export function judgeSpeaker(measured: Measured, limits: Limits): Judgement {
  const heard = [1, 2, 3].filter((place) => number(measured, `gain_${place}`) > limit(limits, 'heard_above_db')).length
  if (heard >= limit(limits, 'tones_needed')) return { verdict: 'pass', reason: 'speaker_good' }
  const played = number(measured, 'played')
  if (played > 0 && number(measured, 'counted') === played) return { verdict: 'warn', reason: 'speaker_counted' }
  return { verdict: 'fail', reason: played > 0 ? 'speaker_miscounted' : 'speaker_unheard' }
}
