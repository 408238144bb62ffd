/** The waveform: how loud the sound of a track was, one figure per slice of time. */
import type { Bytes } from '@invigil/exam-core'

/** One figure stands for this much time. */
export const SLICE_MS = 250

/** Return the greatest amplitude of every slice, 0..1. samples: of one channel. */
export function computePeaks(samples: Float32Array, sampleRate: number, sliceMs = SLICE_MS): number[] {
  const width = Math.max(1, Math.round((sampleRate * sliceMs) / 1000))
  const peaks: number[] = []
  for (let start = 0; start < samples.length; start += width) {
    let peak = 0
    for (let index = start; index < Math.min(start + width, samples.length); index += 1) peak = Math.max(peak, Math.abs(samples[index] ?? 0))
    peaks.push(Math.min(1, peak))
  }
  return peaks
}

/** Make what decodes sound: one for a whole recording, for each keeps memory of its own that is given back late. */
export function openEar(): BaseAudioContext {
  return new OfflineAudioContext(1, 1, 16_000)
}

/** Return the peaks of a segment; none when it has no sound. header: the take's segment 0, opened. */
export async function decodePeaks(ear: BaseAudioContext, header: Bytes, segment: Bytes): Promise<number[]> {
  const whole = new Uint8Array(header.length + segment.length)
  whole.set(header)
  whole.set(segment, header.length)
  try {
    const decoded = await ear.decodeAudioData(whole.buffer)
    return computePeaks(decoded.getChannelData(0), decoded.sampleRate)
  } catch {
    return []
  }
}
