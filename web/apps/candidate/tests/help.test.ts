// @vitest-environment jsdom
import 'fake-indexeddb/auto'

import type { ClientMessage } from '@invigil/protocol'
import { mount } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'

import HelpPanel from '../src/components/HelpPanel.vue'
import { beginAttempt } from '../src/sitting/attempt.ts'
import { carryOut } from '../src/sitting/commands.ts'
import { forgetHelp, help, isWaitingForProctor, lowerHand, raiseHand, say } from '../src/sitting/help.ts'
import { entry, startServer } from './server.ts'

const told: ClientMessage[] = []
const tell = (message: ClientMessage): void => void told.push(message)

beforeEach(() => {
  forgetHelp()
  told.length = 0
  startServer()
  beginAttempt('sit_1', entry())
  Element.prototype.scrollTo = vi.fn() as never
})

it('a line is shown at once, and as sent when the server has it', () => {
  say('  看不清图片 ', tell)
  say('   ', tell)
  expect(told).toMatchObject([{ type: 'chat', text: '看不清图片' }])
  const { id } = told[0] as { id: string }
  expect(help.lines).toMatchObject([{ id, isStored: false }])
  carryOut({ type: 'chat', id, sender: 'candidate', text: '看不清图片', at: '2025-11-22T02:00:01Z' }, tell)
  expect(help.lines).toMatchObject([{ id, isStored: true }])
  expect(help.unread).toBe(0)
})

it('what the proctor says counts as unread until the panel is open; told again it counts once', () => {
  const line = { type: 'chat', id: 'line_1', sender: 'staff', text: '请点击放大', at: '2025-11-22T02:00:01Z' } as const
  carryOut(line, tell)
  carryOut(line, tell)
  expect([help.lines.length, help.unread]).toEqual([1, 1])
  const panel = mount(HelpPanel)
  expect(help.unread).toBe(0)
  expect(panel.text()).toContain('请点击放大')
  panel.unmount()
})

it('a hand is raised once, answered by staff, lowered by its own id', () => {
  raiseHand(tell)
  raiseHand(tell)
  expect(told).toHaveLength(1)
  expect(isWaitingForProctor.value).toBe(true)
  const { id } = told[0] as { id: string }
  carryOut({ type: 'hand', id, is_raised: true, is_answered: true }, tell)
  expect(isWaitingForProctor.value).toBe(false)
  lowerHand(tell)
  expect(told.at(-1)).toEqual({ type: 'raise_hand', id, is_raised: false })
})

it('letters written to the proctor answer no question', async () => {
  const pressed = vi.fn()
  document.body.addEventListener('keydown', pressed)
  const panel = mount(HelpPanel, { attachTo: document.body })
  await panel.find('textarea').trigger('keydown', { key: 'a' })
  expect(pressed).not.toHaveBeenCalled()
  panel.unmount()
})
