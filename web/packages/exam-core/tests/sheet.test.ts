import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

import * as core from '../src/index.ts'
import { fillInItem, multipleItem, paper, singleItem, truthItem } from './papers.ts'

const unanswered = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../../tests/vectors/unanswered.json', import.meta.url)), 'utf8'),
) as { cases: { answer: core.Answer; is_answered: boolean }[] }
const empty = core.emptySheet('att_1')

describe('answer sheet', () => {
  it('keeps a choice that is clicked twice', () => {
    const once = core.chooseOne(empty, 'i1', 'B')
    expect(core.chooseOne(once, 'i1', 'B').answers).toEqual({ i1: { c: 'B' } })
  })

  it('keeps letters in order and takes the last one back to unanswered', () => {
    const both = core.toggleLetter(core.toggleLetter(empty, 'i2', 'C'), 'i2', 'A')
    expect(both.answers).toEqual({ i2: { c: 'AC' } })
    expect(core.toggleLetter(core.toggleLetter(both, 'i2', 'A'), 'i2', 'C').answers).toEqual({})
  })

  it('counts a fill-in item only when every blank is filled', () => {
    const half = core.fillBlank(empty, 'i3', 1, '塔吊', 2)
    expect(half.answers).toEqual({ i3: { t: ['', '塔吊'] } })
    expect(core.isAnswered(half, fillInItem)).toBe(false)
    expect(core.isAnswered(core.fillBlank(half, 'i3', 0, '6', 2), fillInItem)).toBe(true)
    expect(core.fillBlank(half, 'i3', 1, '  ', 2).answers).toEqual({})
  })

  it('counts as answered what the server counts', () => {
    for (const { answer, is_answered } of unanswered.cases) {
      const item = { ...fillInItem, id: 'i1', blank_count: 't' in answer ? answer.t.length : 0 }
      expect(core.isAnswered({ ...empty, answers: { i1: answer } }, item), JSON.stringify(answer)).toBe(is_answered)
    }
  })

  it('takes no lone surrogate and no endless text into a blank', () => {
    const filled = core.fillBlank(empty, 'i3', 0, `\ud83d${'塔'.repeat(500)}`, 1)
    expect(() => core.encodeCanonical(filled)).not.toThrow()
    expect(core.filledBlanks(filled, 'i3', 1)[0]?.length).toBeLessThanOrEqual(core.MAX_BLANK_LENGTH)
  })

  it('judges and clears', () => {
    const judged = core.judge(empty, 'i4', false)
    expect(core.judgement(judged, 'i4')).toBe(false)
    expect(core.isAnswered(judged, truthItem)).toBe(true)
    expect(core.judgement(core.clearAnswer(judged, 'i4'), 'i4')).toBeNull()
  })

  it('compares answers without regard to seq or the order of answering', () => {
    const one = core.chooseOne(core.chooseOne(empty, 'i1', 'A'), 'i2', 'B')
    const other = core.chooseOne(core.chooseOne(empty, 'i2', 'B'), 'i1', 'A')
    expect(core.hasSameAnswers(one, { ...other, seq: 9 })).toBe(true)
    expect(core.hasSameAnswers(one, core.toggleFlag(other, 'i1'))).toBe(false)
  })
})

describe('palette and summary', () => {
  const sheet = core.toggleFlag(core.chooseOne(empty, 'i1', 'A'), 'i3')

  it('shows each item in its section', () => {
    const [choice, rest] = core.computePalette(paper, sheet, 'i2')
    expect(choice).toMatchObject({ answered: 1, cells: [{ number: 1, isAnswered: true }, { number: 2, isCurrent: true }] })
    expect(rest?.cells.map((cell) => cell.isFlagged)).toEqual([true, false])
  })

  it('counts what is open before hand-in', () => {
    expect(core.summariseHandIn(paper, sheet)).toEqual({ total: 4, answered: 1, unanswered: [2, 3, 4], flagged: [3] })
  })

  it('lists media once', () => expect(core.listMedia(paper)).toEqual(['media_1']))
})

describe('keyboard', () => {
  const press = (key: string, more: Partial<core.PressedKey> = {}): core.PressedKey => ({
    key, ctrlKey: false, altKey: false, metaKey: false, isTyping: false, isComposing: false, ...more,
  })

  it('chooses by letter, digit and full-width letter', () => {
    for (const key of ['b', 'B', '2', 'ｂ']) expect(core.actionForKey(press(key), singleItem)).toEqual({ act: 'choose', letter: 'B' })
    expect(core.actionForKey(press('f'), multipleItem)).toBeNull()
  })

  it('judges, moves, flags and helps', () => {
    expect(core.actionForKey(press('a'), truthItem)).toEqual({ act: 'judge', judgement: true })
    expect(core.actionForKey(press('2'), truthItem)).toEqual({ act: 'judge', judgement: false })
    expect(core.actionForKey(press('ArrowLeft'), singleItem)).toEqual({ act: 'previous' })
    expect(core.actionForKey(press('ArrowRight'), singleItem)).toEqual({ act: 'next' })
    expect(core.actionForKey(press('m'), singleItem)).toEqual({ act: 'flag' })
    expect(core.actionForKey(press('?'), singleItem)).toEqual({ act: 'help' })
  })

  it('stays out of typing, composing and the browser’s own keys', () => {
    for (const more of [{ isTyping: true }, { isComposing: true }, { ctrlKey: true }, { altKey: true }, { metaKey: true }]) {
      expect(core.actionForKey(press('a', more), singleItem)).toBeNull()
    }
  })
})

describe('reading a paper', () => {
  it('refuses what cannot be answered', () => {
    for (const bad of [null, {}, { v: 2, sections: [] }, { v: 1, sections: [] }]) expect(() => core.readPaper(bad)).toThrow(core.PaperFormatError)
    const twice = { v: 1, sections: [{ groups: [{ items: [{ id: 'i1', type: 'true_false' }, { id: 'i1', type: 'true_false' }] }] }] }
    expect(() => core.readPaper(twice)).toThrow('one id')
    expect(() => core.readPaper({ v: 1, sections: [{ groups: [{ items: [{ id: 'i1', type: 'single' }] }] }] })).toThrow('options')
    expect(() => core.readPaper({ v: 1, sections: [{ groups: [{ items: [{ id: 'i1' }] }] }] })).toThrow('type')
  })
})
