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
    prepare: async (sizes) =>
      sizes.map((bytes) => ({
        bytes,
        send: async (point) => {
          if (point.name === 'closed') throw new Error('status 403')
          clock += (bytes * 8) / (point.name === 'b' ? kbps / 2 : kbps)
        },
      })),
  }
}

const POINTS = [
  { name: 'a', url: '' },
  { name: 'b', url: 'https://b.test' },
]

it('measures speed, loss and round trip of every access point', async () => {
  const steps: number[] = []
  const ways = await measureWays(POINTS, network(40, 800), (done) => steps.push(done))
  expect(ways).toEqual(POINTS.map((point, place) => ({ ...point, isReachable: true, loss_percent: 0, rtt_ms: 40, upload_kbps: [800, 400][place] })))
  expect(steps.at(-1)).toBe(1)
  expect(summariseWays(ways)).toMatchObject({ upload_kbps: 800, loss_percent: 0, unreachable: 0, access_points: 2 })
})

it('says no speed for an access point that answers but takes nothing, and for all when no parcel can be had', async () => {
  const ways = await measureWays([{ name: 'closed', url: 'https://c.test' }, POINTS[0]!], network(40, 800), () => undefined)
  expect(ways.map(({ isReachable, upload_kbps }) => [isReachable, upload_kbps])).toEqual([[true, 0], [true, 800]])
  expect(summariseWays(ways).ways).toBe('closed 0 kbit/s 0% 40 ms; a 800 kbit/s 0% 40 ms')
  const without = { ...network(40, 800), prepare: () => Promise.reject(new Error('away')) }
  expect((await measureWays(POINTS, without, () => undefined)).map((way) => way.upload_kbps)).toEqual([0, 0])
})

it('counts what is lost', async () => {
  const [way] = await measureWays(POINTS.slice(0, 1), network(40, 800, 4), () => undefined)
  expect(way?.loss_percent).toBe(25)
})

it('goes by the best way and says which are dead', async () => {
  const ways = await measureWays(POINTS, network(40, 800, 0, 'a'), () => undefined)
  expect(ways[0]).toMatchObject({ isReachable: false, loss_percent: 100 })
  expect(summariseWays(ways)).toMatchObject({ upload_kbps: 400, unreachable: 1 })
  expect(summariseWays([])).toMatchObject({ access_points: 0, unreachable: 0 })
})
