import { IDBFactory } from 'fake-indexeddb'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { Store, type KeptSegment, type KeptTake } from '../src/keeping/store.ts'
import { HashMismatch, LoginLost, Rejected, TargetExpired, Unreachable } from '../src/sending/faults.ts'
import { Uploader } from '../src/sending/uploader.ts'
import { endTake } from '../src/worker/writing.ts'
import { away, TestServer } from './server.ts'
import { addSegment, ATTEMPT, beginTake } from './takes.ts'

let store: Store
let server: TestServer
let uploader: Uploader
let gone: { segment: KeptSegment; isLost: boolean }[]
let broken: string[]

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  store = await Store.open()
  server = new TestServer()
  gone = []
  broken = []
  uploader = makeUploader()
})
afterEach(() => vi.unstubAllGlobals())

function makeUploader(): Uploader {
  return new Uploader({
    store, server, attemptId: ATTEMPT, now: () => performance.now(), pass: () => Promise.resolve(),
    onGone: (segments, isLost) => gone.push(...segments.map((segment) => ({ segment, isLost }))),
    onBroken: (take) => broken.push(take.take_id),
  })
}

async function drain(rounds = 200): Promise<void> {
  for (let n = 0; n < rounds; n += 1) {
    try {
      if ((await uploader.round()) === 'nothing') return
    } catch (fault) {
      if (!(fault instanceof Unreachable)) throw fault
    }
  }
  throw new Error('never done')
}

const sent = (id: string): number => server.takes.get(id)?.segments.length ?? 0

async function record(id: string, count: number, isOver = true): Promise<KeptTake> {
  let take = await beginTake(store, id)
  for (let n = 0; n < count; n += 1) take = await addSegment(store, take)
  if (isOver) await endTake(store, take, 'finished')
  return take
}

describe('uploader', () => {
  it('sends all from a computer that has no room for a note any more', async () => {
    await record('take_a', 45, false)
    const full = () => Promise.reject(new DOMException('no room', 'QuotaExceededError'))
    const notes = [vi.spyOn(store, 'markPut').mockImplementation(full), vi.spyOn(store, 'changeTake').mockImplementation(full)]
    await drain()
    expect(sent('take_a')).toBe(45)
    expect(gone.filter(({ isLost }) => !isLost)).toHaveLength(45)
    expect(await store.oldest(ATTEMPT, 1)).toEqual([])
    for (const note of notes) expect(note).toHaveBeenCalled()
  })

  it('sends everything in order, then the end, and keeps nothing', async () => {
    await record('take_a', 45)
    await drain()
    expect(sent('take_a')).toBe(45)
    expect(server.faults()).toEqual([])
    expect(server.ends).toEqual([{ take_id: 'take_a', last_seq: 44, cause: 'finished', ended_at_ms: 1_000_000 + 44 * 4_000 }])
    expect(await store.oldest(ATTEMPT, 10)).toEqual([])
    expect(gone.every(({ isLost }) => !isLost)).toBe(true)
  })

  it('drains what an earlier page of the attempt left behind, and nothing of another attempt', async () => {
    await record('take_a', 3)
    await record('take_b', 2, false)
    const foreign = { ...(await beginTake(store, 'take_c')), attempt_id: 'att_2' }
    await store.putTake(foreign)
    await drain()
    expect([sent('take_a'), sent('take_b'), server.takes.has('take_c')]).toEqual([3, 2, false])
  })

  it('deletes nothing before the server has said "kept"', async () => {
    await record('take_a', 2)
    server.after = (what) => what === 'commit' && away(what)
    await expect(uploader.round()).rejects.toThrow(Unreachable)
    expect(await store.oldest(ATTEMPT, 10)).toHaveLength(2)
    server.after = () => undefined
    await drain()
    expect(server.faults()).toEqual([])
    expect(server.puts).toHaveLength(2) // what was put is not put again
  })

  it('holds half an hour of three tracks without a server, and brings all of it', async () => {
    const each = 450 // segments of four seconds
    let takes = await Promise.all((['screen', 'camera', 'phone'] as const).map((track) => beginTake(store, `take_${track}`, track)))
    server.before = away
    for (let n = 0; n < each; n += 1) {
      takes = await Promise.all(takes.map((take) => addSegment(store, take)))
      if (n % 50 === 0) await expect(uploader.round()).rejects.toThrow(Unreachable)
    }
    server.before = () => undefined
    await drain()
    expect(takes.map((take) => sent(take.take_id))).toEqual([each, each, each])
    expect(server.faults()).toEqual([])
  }, 120_000)

  it('fails over to the next access point', async () => {
    await record('take_a', 3)
    server.before = (what) => what === 'put a' && away(what)
    await drain()
    expect(server.puts.every((url) => url.startsWith('https://b/'))).toBe(true)
    expect(sent('take_a')).toBe(3)
  })

  it('puts again what the store has lost', async () => {
    await record('take_a', 2)
    await expect((async () => {
      server.before = (what) => what === 'commit' && away(what)
      await uploader.round()
    })()).rejects.toThrow(Unreachable)
    server.objects.clear()
    server.before = () => undefined
    await drain()
    expect(server.puts).toHaveLength(4)
    expect(server.faults()).toEqual([])
  })

  it('registers again when the server has forgotten the take', async () => {
    await record('take_a', 1, false)
    await drain()
    server.takes.clear()
    const take = await store.takeOf('take_a')
    await addSegment(store, { ...take!, next_seq: 0, last_sha256: '0'.repeat(64) }, 'y')
    await drain()
    expect(sent('take_a')).toBe(1)
  })

  it('asks for fresh addresses when they have run out', async () => {
    await record('take_a', 1)
    let refusals = 1
    server.before = (what) => {
      if (what.startsWith('put') && refusals-- > 0) throw new TargetExpired('old')
    }
    await drain()
    expect(sent('take_a')).toBe(1)
  })

  it('stops when the login is lost, and loses nothing', async () => {
    await record('take_a', 1)
    server.isLoginLost = true
    await expect(uploader.round()).rejects.toThrow(LoginLost)
    server.isLoginLost = false
    await drain()
    expect(sent('take_a')).toBe(1)
  })

  it.each([
    ['a server that will never take it', () => { throw new Rejected(413, 'put') }],
    ['bytes that change on the way again and again', () => { throw new HashMismatch('put') }],
  ])('gives a take up openly: %s', async (_name, refuse) => {
    await record('take_a', 3)
    server.before = (what) => {
      if (what.startsWith('put') && server.puts.length >= 1) refuse()
    }
    const other = await beginTake(store, 'take_b', 'screen')
    await drain()
    server.before = () => undefined
    await addSegment(store, other)
    await drain()
    expect(broken).toEqual(['take_a'])
    expect(server.gaps).toEqual([{ track: 'camera', from_ms: 1_000_000, to_ms: 1_000_000 + 8_000, cause: 'encoder_failed' }])
    expect(sent('take_b')).toBe(1)
    expect(gone.filter(({ isLost }) => isLost)).toHaveLength(2)
  })

  it('gives a take up when the server has another segment at its place', async () => {
    const take = await record('take_a', 2)
    server.takes.set('take_a', { body: take.body, segments: [{ ...(await store.oldest(ATTEMPT, 1))[0]!, sha256: 'f'.repeat(64) }] })
    await drain()
    expect(broken).toEqual(['take_a'])
    expect(await store.oldest(ATTEMPT, 10)).toEqual([])
  })

  it('does not let one segment that the server will never take hold up the others', async () => {
    await record('take_a', 2)
    await record('take_b', 3)
    const commit = server.commit.bind(server)
    server.commit = (body) => (body.segments.some((one) => one.take_id === 'take_a' && one.seq === 1) ? Promise.reject(new Rejected(422, 'commit')) : commit(body))
    await drain()
    expect([sent('take_a'), sent('take_b')]).toEqual([1, 3])
    expect(broken).toEqual(['take_a'])
    expect(server.gaps).toMatchObject([{ track: 'camera', cause: 'encoder_failed' }])
  })

  it('declares gaps once, and only those that last', async () => {
    await store.addGap({ attempt_id: ATTEMPT, track: 'screen', from_ms: 5, to_ms: 5, cause: 'reload' })
    await store.addGap({ attempt_id: ATTEMPT, track: 'screen', from_ms: 5, to_ms: 50, cause: 'reload' })
    await store.openGap(ATTEMPT, 'phone', 7, 'device_lost')
    await drain()
    await drain()
    expect(server.gaps).toEqual([{ track: 'screen', from_ms: 5, to_ms: 50, cause: 'reload' }])
    await store.closeGap(ATTEMPT, 'phone', 70)
    await drain()
    expect(server.gaps[1]).toEqual({ track: 'phone', from_ms: 7, to_ms: 70, cause: 'device_lost' })
  })

  it('law: through any failures and reloads, what was stored is here or kept, in order, exactly once', async () => {
    const fault = fc.constantFrom('none', 'before', 'after')
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 60 }), fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 3 }), async (faults, sizes) => {
        vi.stubGlobal('indexedDB', new IDBFactory())
        store = await Store.open()
        server = new TestServer()
        const script = [...faults]
        let due = 'none'
        server.before = (what) => {
          due = script.shift() ?? 'none'
          if (due === 'before') away(what)
        }
        server.after = (what) => due === 'after' && away(what)
        for (const [place, size] of sizes.entries()) {
          await record(`take_${place}`, size)
          uploader = makeUploader() // another page
          await uploader.round().catch(() => undefined)
        }
        await drain()
        expect(server.faults()).toEqual([])
        expect(sizes.map((_, place) => sent(`take_${place}`))).toEqual(sizes)
        expect(await store.oldest(ATTEMPT, 10)).toEqual([])
        expect(new Set(server.ends.map((end) => end.take_id)).size).toBe(sizes.length)
      }),
      { numRuns: 40 },
    )
  }, 60_000)
})
