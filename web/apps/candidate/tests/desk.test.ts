// @vitest-environment jsdom
import 'fake-indexeddb/auto'

import type { Item, Paper } from '@invigil/exam-core'
import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import AnsweringDesk from '../src/components/AnsweringDesk.vue'
import { attempt, beginAttempt, endAttempt } from '../src/sitting/attempt.ts'
import { sheet, startSaving } from '../src/sitting/saving.ts'
import { entry, startServer } from './server.ts'

const text = (html: string) => [{ kind: 'text' as const, html }]
const options = ['A', 'B', 'C'].map((key) => ({ key, blocks: text(key) }))
const items: Item[] = [
  { id: 'i1', type: 'single', blocks: text('一'), options, blank_count: 0 },
  { id: 'i2', type: 'multiple', blocks: text('二'), options, blank_count: 0 },
  { id: 'i3', type: 'true_false', blocks: text('三'), options: [], blank_count: 0 },
  { id: 'i4', type: 'fill_in', blocks: text('四____'), options: [], blank_count: 1 },
]
const paper: Paper = { v: 1, paper_id: 'p', title: '', sections: [{ title: '一、', note: '', groups: items.map((item) => ({ case: null, items: [item] })) }] }

let desk: VueWrapper
const warned = vi.spyOn(console, 'warn')
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) {
    dispatchEvent(new KeyboardEvent('keydown', { key }))
    await desk.vm.$nextTick()
  }
}
const number = (): string => desk.get('h1').text()

beforeEach(async () => {
  warned.mockClear()
  startServer()
  endAttempt()
  beginAttempt('sit_1', entry({ attempt_id: `att_${Math.random()}`, rules: { calculator: true } }))
  await startSaving(attempt.entry!)
  Object.assign(attempt, { phase: 'answering', paper, currentItem: 'i1' })
  desk = mount(AnsweringDesk, { props: { paper }, attachTo: document.body })
})
afterEach(() => {
  desk.unmount()
  expect(warned).not.toHaveBeenCalled()
})

describe('desk by keyboard alone', () => {
  it('answers, moves, flags; the palette follows', async () => {
    await press('b', 'ArrowRight', 'a', 'c', 'm', 'ArrowRight', '2')
    expect(sheet.value.answers).toEqual({ i1: { c: 'B' }, i2: { c: 'AC' }, i3: { b: false } })
    expect(sheet.value.flags).toEqual(['i2'])
    expect(desk.findAll('button.cell.answered')).toHaveLength(3)
    expect(desk.get('button.cell.current').attributes('aria-label')).toBe('第 3 题，已答')
    expect(number()).toContain('第 3 题')
  })

  it('leaves letters in a text field alone', async () => {
    await press('ArrowRight', 'ArrowRight', 'ArrowRight')
    const field = desk.get<HTMLInputElement>('[data-blank="0"]')
    await field.setValue('塔吊 m')
    field.element.dispatchEvent(new KeyboardEvent('keydown', { key: 'm', bubbles: true }))
    expect(sheet.value.answers).toEqual({ i4: { t: ['塔吊 m'] } })
    expect(sheet.value.flags).toEqual([])
  })

  it('does nothing behind an open dialog', async () => {
    await press('?')
    expect(desk.find('dialog').exists()).toBe(true)
    await press('b')
    expect(sheet.value.answers).toEqual({})
  })
})

describe('desk', () => {
  it('takes an answer back by its button only', async () => {
    await press('b', 'b')
    expect(sheet.value.answers).toEqual({ i1: { c: 'B' } })
    await desk.get('.question header .quiet').trigger('click')
    expect(sheet.value.answers).toEqual({})
  })

  it('covers the questions while it is paused', async () => {
    attempt.phase = 'paused'
    await desk.vm.$nextTick()
    expect(desk.get('dialog').classes()).toContain('opaque')
    await press('b')
    expect(sheet.value.answers).toEqual({})
  })

  it('counts what is open before hand-in and asks to confirm it', async () => {
    await press('b')
    await desk.get('header .primary').trigger('click')
    const dialog = desk.get('[data-testid="hand-in"]')
    expect(dialog.findAll('.counts dd').map((count) => count.text())).toEqual(['1', '3', '0'])
    const confirm = dialog.get<HTMLButtonElement>('.actions .primary')
    expect(confirm.element.disabled).toBe(true)
    await dialog.get('.confirm input').setValue(true)
    expect(confirm.element.disabled).toBe(false)
  })

  it('says when hand-in is too early', async () => {
    attempt.handInAllowedFrom = Date.parse('2099-01-01T00:00:00Z')
    await desk.get('header .primary').trigger('click')
    expect(desk.get('[data-testid="hand-in"]').text()).toContain('现在还不能交卷')
  })

  it('shows a warning until it is acknowledged', async () => {
    attempt.notices = [{ id: 'w', kind: 'warning', text: '请坐好', reason: '', at: 0 }]
    await desk.vm.$nextTick()
    await desk.get('[data-testid="notice"] .primary').trigger('click')
    expect(attempt.notices).toEqual([])
  })
})
