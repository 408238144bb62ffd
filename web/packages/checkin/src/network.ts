/** How the way to each access point is: loss, round trip and upload speed, over the same HTTP that segments take. */

export interface AccessPoint {
  name: string
  /** Origin, "" for ours. */
  url: string
}

export interface Way extends AccessPoint {
  isReachable: boolean
  loss_percent: number
  rtt_ms: number
  upload_kbps: number
}

/** Bytes that may be sent to every access point. */
export interface Parcel {
  bytes: number
  /** Resolves when the access point has taken them; rejects otherwise. */
  send(point: AccessPoint, signal: AbortSignal): Promise<void>
}

export interface Probe {
  /** Resolves when an answer came; rejects without one. */
  ping(point: AccessPoint, signal: AbortSignal): Promise<void>
  /** Make parcels of so many bytes each. Rejects when our own server does not answer. */
  prepare(sizes: readonly number[]): Promise<readonly Parcel[]>
  now(): number
}

const PINGS = 12
const PING_WITHIN_MS = 2_500
const PARCEL_BYTES = [64 * 1024, 192 * 1024]
const SEND_WITHIN_MS = 12_000

/** Measure the ways one after the other, the pings of each one by one as segments go. onStep: 0 to 1. */
export async function measureWays(points: readonly AccessPoint[], probe: Probe, onStep: (done: number) => void): Promise<Way[]> {
  const ways: Way[] = []
  const parcels = await probe.prepare(PARCEL_BYTES).catch(() => [])
  for (const [place, point] of points.entries()) {
    ways.push(await measureWay(point, parcels, probe, (done) => onStep((place + done) / points.length)))
  }
  return ways
}

async function measureWay(point: AccessPoint, parcels: readonly Parcel[], probe: Probe, onStep: (done: number) => void): Promise<Way> {
  const trips: number[] = []
  for (let ping = 0; ping < PINGS; ping += 1) {
    const began = probe.now()
    const isHeard = await probe.ping(point, AbortSignal.timeout(PING_WITHIN_MS)).then(
      () => true,
      () => false,
    )
    if (isHeard) trips.push(probe.now() - began)
    onStep((ping + 1) / (PINGS + PARCEL_BYTES.length + 1))
    // Nobody there: eleven more time-outs would tell the same.
    if (ping === 3 && trips.length === 0) break
  }
  const isReachable = trips.length > 0
  const upload = isReachable ? await measureUpload(point, parcels, probe) : 0
  onStep(1)
  trips.sort((one, other) => one - other)
  return {
    ...point,
    isReachable,
    loss_percent: isReachable ? Math.round(((PINGS - trips.length) / PINGS) * 1000) / 10 : 100,
    rtt_ms: Math.round(trips[Math.floor(trips.length / 2)] ?? 0),
    upload_kbps: Math.round(upload),
  }
}

/** The faster of two: the first one opens the way. */
async function measureUpload(point: AccessPoint, parcels: readonly Parcel[], probe: Probe): Promise<number> {
  let best = 0
  for (const { bytes, send } of parcels) {
    const began = probe.now()
    try {
      await send(point, AbortSignal.timeout(SEND_WITHIN_MS))
    } catch {
      continue // counts as no speed
    }
    best = Math.max(best, (bytes * 8) / Math.max(1, probe.now() - began))
  }
  return best
}

/** Sum the ways up for the server: the best one counts, for segments go there. */
export function summariseWays(ways: readonly Way[]): Record<string, number | string> {
  const best = [...ways].sort((one, other) => other.upload_kbps - one.upload_kbps || one.loss_percent - other.loss_percent)[0]
  const said = ways.map((way) => `${way.name} ${way.upload_kbps} kbit/s ${way.loss_percent}% ${way.rtt_ms} ms`)
  return {
    upload_kbps: best?.upload_kbps ?? 0,
    loss_percent: best?.loss_percent ?? 100,
    rtt_ms: best?.rtt_ms ?? 0,
    unreachable: ways.filter((way) => !way.isReachable).length,
    access_points: ways.length,
    ways: said.join('; ').slice(0, 400),
  }
}
