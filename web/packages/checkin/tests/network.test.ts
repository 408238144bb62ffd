import { expect, it } from 'vitest'

import { measureWays, summariseWays, type AccessPoint, type Probe } from '../src/index.ts'

/** A network on a clock of its own: each answer takes `rtt`, every `lost`th ping stays out, `dead` answers nothing. */
function network(rtt: number, kbps: number, lost = 0, dead = ''): Probe {
  let [clock, pings] = [0, 0]
  return {
    now: () => clock,
    ping: async (point: AccessPoint) => {
      pings += 1
      clock += rtt
      if (point.name === dead || (lost > 0 && pings % lost === 0)) throw new Error('lost')
    },
    push: async (_point, bytes) => void (clock += (bytes * 8) / kbps),
  }
}

const POINTS = [
  { name: 'a', url: '' },
  { name: 'b', url: 'https://b.test' },
]

it('measures speed, loss and round trip of every access point', async () => {
  const steps: number[] = []
  const ways = await measureWays(POINTS, network(40, 800), (done) => steps.push(done))
  expect(ways).toEqual(POINTS.map((point) => ({ ...point, isReachable: true, loss_percent: 0, rtt_ms: 40, upload_kbps: 800 })))
  expect(steps.at(-1)).toBe(1)
  expect(summariseWays(ways)).toMatchObject({ upload_kbps: 800, loss_percent: 0, unreachable: 0, access_points: 2 })
})

it('counts what is lost', async () => {
  const [way] = await measureWays(POINTS.slice(0, 1), network(40, 800, 4), () => undefined)
  expect(way?.loss_percent).toBe(25)
})

it('goes by the best way and says which are dead', async () => {
  const ways = await measureWays(POINTS, network(40, 800, 0, 'a'), () => undefined)
  expect(ways[0]).toMatchObject({ isReachable: false, loss_percent: 100 })
  expect(summariseWays(ways)).toMatchObject({ upload_kbps: 800, unreachable: 1 })
  expect(summariseWays([])).toMatchObject({ access_points: 0, unreachable: 0 })
})
