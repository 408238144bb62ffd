import { describe, expect, it, vi } from 'vitest'

import { AddressBook, type ListSegments, type PlayedSegment } from '../src/index.ts'
import { BATCH } from '../src/addresses.ts'

const STORED = 1_351
const segmentOf = (seq: number, url: string): PlayedSegment => ({ seq, p0_ms: 0, p1_ms: 0, at_ms: 0, bytes: 1, sha256: '', previous: '', url })

function library(lastsS = 3_600) {
  let signed = 0
  const list = vi.fn<ListSegments>((takeId, first, most) => {
    signed += 1
    const length = Math.max(0, Math.min(most, STORED - first))
    return Promise.resolve({ segments: Array.from({ length }, (_, index) => segmentOf(first + index, `/${takeId}/${signed}`)), lasts_s: lastsS })
  })
  const clock = { now: 0 }
  return { list, clock, book: new AddressBook(list, () => clock.now) }
}

describe('addresses', () => {
  it('asks once for what lies together, also while it is on its way', async () => {
    const { list, book } = library()
    const found = await Promise.all([61, 62, 119].map((seq) => book.find('one', seq)))
    expect(found.map((one) => one.seq)).toEqual([61, 62, 119])
    expect(list.mock.calls).toEqual([['one', 60, BATCH]])
    await book.find('two', 61)
    await book.find('one', 120)
    expect(list).toHaveBeenCalledTimes(3)
  })

  it('asks again for what is about to run out', async () => {
    const { list, book, clock } = library()
    const { url } = await book.find('one', 5)
    clock.now = 3_539_000
    expect((await book.find('one', 5)).url).toBe(url)
    clock.now = 3_541_000
    expect((await book.find('one', 5)).url).not.toBe(url)
    expect(list).toHaveBeenCalledTimes(2)
  })

  it('asks again for what was turned down, and after a failure', async () => {
    const { list, book } = library()
    const { url } = await book.find('one', 5)
    expect((await book.find('one', 5, true)).url).not.toBe(url)
    list.mockRejectedValueOnce(new Error('no line'))
    await expect(book.find('one', 200)).rejects.toThrow('no line')
    expect((await book.find('one', 200)).seq).toBe(200)
  })

  it('gives up what was not used for long', async () => {
    const { list, book } = library()
    for (let seq = 0; seq < 25 * BATCH && seq < STORED; seq += BATCH) await book.find('one', seq)
    for (let seq = 0; seq < 5 * BATCH; seq += BATCH) await book.find('two', seq)
    list.mockClear()
    await book.find('one', STORED - 1)
    expect(list).not.toHaveBeenCalled()
    await book.find('one', 0)
    expect(list).toHaveBeenCalledTimes(1)
  })

  it('says what is not stored', async () => {
    await expect(library().book.find('one', STORED)).rejects.toThrow('not stored')
  })
})
