/** The waveform of the candidate's sound, filled in segment by segment while nothing more urgent is fetched. */
import { SLICE_MS, decodePeaks, openEar, spanOfPlace, type FetchSegment, type PlayedTrack } from '@invigil/playback'
import { ref, type Ref } from 'vue'

export interface Loudness {
  /** One amplitude 0..1 per slice of the timeline; NaN where it is not known yet. */
  peaks: Float32Array
  /** Grows with every segment that came in. */
  version: Readonly<Ref<number>>
  stop: () => void
}

const HEARD = ['camera', 'phone'] as const
const REST_MS = 30
const LOOK_AGAIN_MS = 100

/** Listen to the PC's microphone; to the phone's where the PC has none. isBusy: pictures are being fetched, which go first. */
export function useLoudness(tracks: readonly PlayedTrack[], window: { from_ms: number; to_ms: number }, fetchSegment: FetchSegment, isBusy: () => boolean): Loudness {
  const peaks = new Float32Array(Math.ceil((window.to_ms - window.from_ms) / SLICE_MS)).fill(NaN)
  const version = ref(0)
  const stopping = new AbortController()
  const track = HEARD.map((name) => tracks.find((one) => one.track === name && one.takes.length > 0)).find((one) => one !== undefined)
  if (track !== undefined) void listen(track)

  async function listen(heard: PlayedTrack): Promise<void> {
    const { signal } = stopping
    const ear = openEar()
    for (const take of heard.takes) {
      try {
        await letPicturesPass()
        const header = await fetchSegment(heard, take, 0, signal)
        for (let seq = 1; seq <= take.starts_ms.length; seq += 1) {
          await letPicturesPass()
          put(await decodePeaks(ear, header, await fetchSegment(heard, take, seq, signal)), spanOfPlace({ take, seq }).from_ms)
          await rest(REST_MS)
          if (signal.aborted) return
        }
      } catch {
        // The player itself says what is wrong with a take; the waveform leaves it out.
        if (signal.aborted) return
      }
    }
  }

  async function letPicturesPass(): Promise<void> {
    while (isBusy() && !stopping.signal.aborted) await rest(LOOK_AGAIN_MS)
  }
  function put(found: readonly number[], atMs: number): void {
    const start = Math.round((atMs - window.from_ms) / SLICE_MS)
    found.forEach((peak, index) => (peaks[start + index] = peak))
    version.value += 1
  }
  return { peaks, version, stop: () => stopping.abort() }
}

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
