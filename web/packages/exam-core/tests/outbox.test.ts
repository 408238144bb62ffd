import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { chooseOne, emptySheet, outbox, type Outbox } from '../src/index.ts'

const start = (): Outbox => outbox.restoreOutbox({ sheet: emptySheet('att_1'), acked: null }, null, 0)
const answer = (box: Outbox, letter: string, now: number): Outbox => outbox.edit(box, chooseOne(box.sheet, 'i1', letter), 1, now)
const answerStored = (box: Outbox, letter: string, now: number): Outbox => {
  const edited = answer(box, letter, now)
  return outbox.stored(edited, edited.sheet.seq)
}

describe('outbox', () => {
  it('starts untouched with nothing to send', () => {
    expect(outbox.saveStateOf(start())).toBe('untouched')
    expect(outbox.sheetToSend(start(), 99_999)).toBeNull()
  })

  it('gathers quick edits, but lets none wait longer than a second', () => {
    let box = start()
    for (let now = 0; now <= 900; now += 100) box = answerStored(box, 'ABCD'[(now / 100) % 4] ?? 'A', now)
    expect(outbox.sheetToSend(box, 999)).toBeNull()
    expect(outbox.sheetToSend(box, outbox.MAX_WAIT_MS)?.seq).toBe(box.sheet.seq)
  })

  it('sends only what local storage holds', () => {
    const box = answer(start(), 'A', 0)
    expect(outbox.sheetToSend(box, 5_000)).toBeNull()
    expect(outbox.sheetToSend(outbox.stored(box, box.sheet.seq), 5_000)).not.toBeNull()
  })

  it('sends without local storage when that is broken', () => {
    expect(outbox.sheetToSend(outbox.storageFailed(answer(start(), 'A', 0)), 5_000)).not.toBeNull()
  })

  it('says saved only for the newest edit', () => {
    let box = answerStored(start(), 'A', 0)
    const first = box.sheet.seq
    box = answerStored(outbox.sent(box, first), 'B', 500)
    box = outbox.acknowledged(box, { seq: first, savedAt: 1 }, 600)
    expect(outbox.saveStateOf(box)).toBe('saving')
    box = outbox.acknowledged(outbox.sent(box, box.sheet.seq), { seq: box.sheet.seq, savedAt: 2 }, 1_200)
    expect(outbox.saveStateOf(box)).toBe('saved')
    expect(outbox.sheetToSend(box, 99_999)).toBeNull()
  })

  it('goes offline on a failure, backs off, and tries at once when the link returns', () => {
    let box = answerStored(start(), 'A', 0)
    box = outbox.failed(outbox.sent(box, box.sheet.seq), box.sheet.seq, 1_000, 0.5)
    expect(outbox.saveStateOf(box)).toBe('offline')
    expect(outbox.sheetToSend(box, 1_100)).toBeNull()
    expect(outbox.sheetToSend(outbox.linkReturned(box, 1_100, 0), 1_100)).not.toBeNull()
  })

  it('does not hurry while offline because of further edits', () => {
    let box = answerStored(start(), 'A', 0)
    box = outbox.failed(outbox.sent(box, box.sheet.seq), box.sheet.seq, 1_000, 1)
    const due = box.dueAt
    expect(answerStored(box, 'B', 1_050).dueAt).toBe(due)
  })

  it('ignores the failure of a save that is not under way', () => {
    const box = answerStored(start(), 'A', 0)
    expect(outbox.failed(box, 7, 0, 0)).toBe(box)
  })

  it('keeps the sheet when halted, and goes on when resumed', () => {
    const box = outbox.halt(answerStored(start(), 'A', 0), 'attempt_closed')
    expect(outbox.saveStateOf(box)).toBe('halted')
    expect(outbox.sheetToSend(box, 99_999)).toBeNull()
    expect(outbox.flush(box, 5).dueAt).toBeNull()
    expect(outbox.sheetToSend(outbox.resume(box, 10), 10)?.answers).toEqual({ i1: { c: 'A' } })
  })

  it('sends again after a hold, whatever became of the save under way', () => {
    const box = answerStored(start(), 'A', 0)
    const held = outbox.halt(outbox.sent(box, box.sheet.seq), 'held')
    expect(outbox.sheetToSend(outbox.resume(held, 10), 10)).not.toBeNull()
  })

  it('does not wait for the back-off once any acknowledgement shows that the server is there', () => {
    const first = answerStored(start(), 'A', 0)
    const failing = outbox.failed(outbox.sent(answerStored(first, 'B', 10), first.sheet.seq + 1), first.sheet.seq + 1, 1_000, 1)
    const late = outbox.acknowledged(failing, { seq: first.sheet.seq, savedAt: 1 }, 1_100)
    expect(outbox.sheetToSend(late, 1_100)?.seq).toBe(first.sheet.seq + 1)
  })

  it('makes no seq for an edit that changes nothing', () => {
    const box = answer(start(), 'A', 0)
    expect(answer(box, 'A', 10)).toBe(box)
  })

  it('lets a later seat outrank what an earlier one still held', () => {
    let earlier = start()
    for (const letter of 'ABCDABCD') earlier = outbox.edit(earlier, chooseOne(earlier.sheet, 'i1', letter), 1, 0)
    const later = outbox.edit(start(), chooseOne(emptySheet('att_1'), 'i1', 'D'), 2, 0)
    const server = { sheet: later.sheet, acked: { seq: later.sheet.seq, savedAt: 0 } }
    expect(outbox.restoreOutbox(server, outbox.toStore(earlier), 0).sheet).toBe(later.sheet)
  })

  it('gives the same answers a new seq when the server has another sheet under the old one', () => {
    const box = answerStored(start(), 'A', 0)
    const again = outbox.renumber(outbox.sent(box, box.sheet.seq), 1, 10)
    expect(again.sheet).toEqual({ ...box.sheet, seq: box.sheet.seq + 1 })
    expect(again.inFlightSeq).toBeNull()
    expect(outbox.isPending(again)).toBe(true)
  })

  it('keeps seqs below a million however often the seat is taken', () => {
    expect(outbox.edit(start(), chooseOne(emptySheet('att_1'), 'i1', 'A'), 123_456, 0).sheet.seq).toBeLessThan(1_000_000)
  })

  it('believes the server alone about what is acknowledged', () => {
    const local = outbox.toStore(outbox.acknowledged(answerStored(start(), 'A', 0), { seq: 1_001, savedAt: 1 }, 1))
    const box = outbox.restoreOutbox({ sheet: emptySheet('att_1'), acked: null }, local, 5)
    expect(outbox.isPending(box)).toBe(true)
    expect(outbox.sheetToSend(box, 5)?.answers).toEqual({ i1: { c: 'A' } })
  })

  it('does not take another attempt from local storage', () => {
    const other = outbox.edit(start(), chooseOne(emptySheet('att_2'), 'i1', 'D'), 2, 0)
    const local = { sheet: { ...other.sheet, attempt: 'att_2' }, acked: null }
    expect(outbox.restoreOutbox({ sheet: emptySheet('att_1'), acked: null }, local, 0).sheet.seq).toBe(0)
  })

  it('backs off by doubling up to ten seconds', () => {
    expect([1, 2, 3, 4, 5, 50].map((n) => outbox.backoffMs(n, 1))).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
    expect(outbox.backoffMs(1, 0)).toBe(500)
  })
})

/** The world around the outbox: a server that keeps the greatest seq, local storage, and a network that does anything. */
class World {
  box = start()
  now = 0
  lastEdit = this.box.sheet
  disk: ReturnType<typeof outbox.toStore> | null = null
  server = emptySheet('att_1')
  onTheWire: Outbox['sheet'][] = []
  acksUnderWay: number[] = []
  lives = 1

  edit(letter: string, item: string): void {
    this.box = outbox.edit(this.box, chooseOne(this.box.sheet, item, letter), 1, this.now)
    this.lastEdit = this.box.sheet
  }
  store(): void {
    this.disk = outbox.toStore(this.box)
    this.box = outbox.stored(this.box, this.box.sheet.seq)
  }
  pump(): void {
    const sheet = outbox.sheetToSend(this.box, this.now)
    if (sheet === null) return
    this.box = outbox.sent(this.box, sheet.seq)
    this.onTheWire.push(sheet)
  }
  arrive(which: number): void {
    const sheet = this.onTheWire[which % Math.max(1, this.onTheWire.length)] // stays on the wire: duplicates and reordering
    if (sheet === undefined) return
    if (sheet.seq > this.server.seq) this.server = sheet
    this.acksUnderWay.push(sheet.seq)
  }
  acknowledge(which: number): void {
    const seq = this.acksUnderWay[which % Math.max(1, this.acksUnderWay.length)]
    if (seq !== undefined) this.box = outbox.acknowledged(this.box, { seq, savedAt: this.now }, this.now)
  }
  fail(random: number): void {
    if (this.box.inFlightSeq !== null) this.box = outbox.failed(this.box, this.box.inFlightSeq, this.now, random)
  }
  reload(): void {
    const acked = this.server.seq > 0 ? { seq: this.server.seq, savedAt: this.now } : null
    this.box = outbox.restoreOutbox({ sheet: this.server, acked }, this.disk, this.now)
    this.lastEdit = this.box.sheet
    this.acksUnderWay = []
    this.lives += 1
  }
  settle(): void {
    for (let round = 0; round < 50; round += 1) {
      this.store()
      this.now += 20_000
      this.pump()
      this.arrive(this.onTheWire.length - 1)
      this.acknowledge(this.acksUnderWay.length - 1)
    }
  }
}

type Act = (world: World) => void
const step: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(fc.constantFrom('A', 'B', 'C', 'D'), fc.constantFrom('i1', 'i2', 'i3')).map(([letter, item]): Act => (world) => world.edit(letter, item)),
  fc.nat(3_000).map((ms): Act => (world) => void (world.now += ms)),
  fc.constant<Act>((world) => world.store()),
  fc.constant<Act>((world) => world.pump()),
  // The ordinary way, so that the rarer acts happen around it.
  fc.constant<Act>((world) => {
    world.store()
    world.now += 1_500
    world.pump()
  }),
  fc.constant<Act>((world) => {
    world.arrive(world.onTheWire.length - 1)
    world.acknowledge(world.acksUnderWay.length - 1)
  }),
  fc.nat(9).map((which): Act => (world) => world.arrive(which)),
  fc.nat(9).map((which): Act => (world) => world.acknowledge(which)),
  fc.double({ min: 0, max: 0.999, noNaN: true }).map((random): Act => (world) => world.fail(random)),
  fc.double({ min: 0, max: 0.999, noNaN: true }).map((random): Act => (world) => void (world.box = outbox.linkReturned(world.box, world.now, random))),
  fc.constant<Act>((world) => void (world.box = outbox.flush(world.box, world.now))),
  fc.constant<Act>((world) => world.reload()),
)

describe('outbox law', () => {
  it('holds at every step: the sheet is the last edit, acknowledged only if the server has it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const world = new World()
        for (const act of steps) {
          const before = world.box.acked?.seq ?? 0
          const lives = world.lives
          act(world)
          if (world.lives === lives) expect(world.box.acked?.seq ?? 0).toBeGreaterThanOrEqual(before)
          expect(world.box.sheet).toEqual(world.lastEdit)
          if (!outbox.isPending(world.box) && world.box.sheet.seq > 0) expect(world.server).toEqual(world.box.sheet)
          if (outbox.isPending(world.box) && world.box.inFlightSeq === null) expect(world.box.dueAt).not.toBeNull()
          expect(world.box.acked?.seq ?? 0).toBeLessThanOrEqual(world.server.seq)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('ends with the last edit on the server, whatever happened before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const world = new World()
        for (const act of steps) act(world)
        world.fail(0)
        world.settle()
        expect(world.server).toEqual(world.lastEdit)
        expect(['saved', 'untouched']).toContain(outbox.saveStateOf(world.box))
      }),
      { numRuns: 300 },
    )
  })

  it('loses by a reload only what local storage did not hold yet', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const world = new World()
        for (const act of steps) act(world)
        world.store()
        const before = world.box.sheet
        world.reload()
        expect(world.box.sheet).toEqual(before)
      }),
      { numRuns: 300 },
    )
  })
})
