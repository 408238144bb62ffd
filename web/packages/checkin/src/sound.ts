/** Listening to the microphone, and whether the loudspeaker is heard by it. */

const TONES_HZ = [1000, 1600, 2300] as const
const TONE_MS = 600
const QUIET_MS = 500
const FLOOR_DB = -100

/** Microphone as it is, for measuring: what makes speech pleasant would remove our tones. */
export const RAW_AUDIO: MediaTrackConstraints = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Hears a stream; call `close` when done. Needs a gesture of the candidate before it, as browsers keep sound asleep without. */
export class Ear {
  private readonly context = new AudioContext()
  private readonly analyser = this.context.createAnalyser()
  private readonly samples: Float32Array<ArrayBuffer>
  private readonly bins: Float32Array<ArrayBuffer>

  constructor(stream: MediaStream) {
    this.analyser.fftSize = 2048
    this.analyser.smoothingTimeConstant = 0.2
    this.samples = new Float32Array(this.analyser.fftSize)
    this.bins = new Float32Array(this.analyser.frequencyBinCount)
    this.context.createMediaStreamSource(stream).connect(this.analyser)
    void this.context.resume()
  }

  /** The loudest sample of the last 40 ms, 0 to 1. */
  peak(): number {
    this.analyser.getFloatTimeDomainData(this.samples)
    let peak = 0
    for (const sample of this.samples) peak = Math.max(peak, Math.abs(sample))
    return Math.min(1, peak)
  }

  /** Loudness around a frequency, in dB. */
  levelAt(hertz: number): number {
    this.analyser.getFloatFrequencyData(this.bins)
    const place = Math.round((hertz * this.analyser.fftSize) / this.context.sampleRate)
    let level = FLOOR_DB
    for (let bin = place - 2; bin <= place + 2; bin += 1) level = Math.max(level, this.bins[bin] ?? FLOOR_DB)
    return level
  }

  async close(): Promise<void> {
    await this.context.close().catch(() => undefined) // closed twice: nothing to do
  }
}

/** Play a tone through the loudspeaker; resolves when it is over. */
export async function playTone(hertz: number, ms = TONE_MS): Promise<void> {
  const context = new AudioContext()
  const gain = context.createGain()
  const tone = context.createOscillator()
  tone.frequency.value = hertz
  // No click at the ends.
  gain.gain.setValueAtTime(0, context.currentTime)
  gain.gain.linearRampToValueAtTime(0.5, context.currentTime + 0.03)
  gain.gain.setValueAtTime(0.5, context.currentTime + ms / 1000 - 0.05)
  gain.gain.linearRampToValueAtTime(0, context.currentTime + ms / 1000)
  tone.connect(gain).connect(context.destination)
  await context.resume()
  tone.start()
  await wait(ms + 60)
  tone.stop()
  await context.close()
}

/** Loudness in dB around each of TONES_HZ, in their order. */
export type Levels = readonly [number, number, number]

/** Play three tones in random order and return by how many dB each rises, in the order of TONES_HZ. */
export async function measureTones(ear: Ear, random: () => number = Math.random): Promise<[number, number, number]> {
  const gains: [number, number, number] = [0, 0, 0]
  for (const place of shuffled([0, 1, 2] as const, random)) {
    const quiet = await listen(ear, QUIET_MS)
    const [, playing] = await Promise.all([playTone(TONES_HZ[place]), listen(ear, TONE_MS + 200)])
    gains[place] = riseOf(place, quiet, playing)
  }
  return gains
}

/**
 * By how many dB a tone rises while it plays, over the quiet before it and over what rises beside it.
 * Medians over time: a knock is no tone. Less what the other two rise: neither is somebody who begins to speak.
 */
export function riseOf(place: 0 | 1 | 2, quiet: readonly Levels[], playing: readonly Levels[]): number {
  const rises = TONES_HZ.map((_, at) => median(playing.map((one) => one[at] ?? FLOOR_DB)) - median(quiet.map((one) => one[at] ?? FLOOR_DB)))
  const beside = Math.max(0, ...rises.filter((_, at) => at !== place))
  return Math.round(((rises[place] ?? 0) - beside) * 10) / 10
}

function median(levels: readonly number[]): number {
  const sorted = [...levels].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? FLOOR_DB
}

/** Play between two and four short tones for the candidate to count; return how many. */
export async function playCount(random: () => number = Math.random): Promise<number> {
  const count = 2 + Math.floor(random() * 3)
  for (let tone = 0; tone < count; tone += 1) {
    await playTone(880, 250)
    await wait(450)
  }
  return count
}

async function listen(ear: Ear, ms: number): Promise<Levels[]> {
  const until = performance.now() + ms
  const heard: Levels[] = []
  while (performance.now() < until) {
    heard.push([ear.levelAt(TONES_HZ[0]), ear.levelAt(TONES_HZ[1]), ear.levelAt(TONES_HZ[2])])
    await wait(40)
  }
  return heard
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const left = [...items]
  const order: T[] = []
  while (left.length > 0) order.push(...left.splice(Math.floor(random() * left.length), 1))
  return order
}
