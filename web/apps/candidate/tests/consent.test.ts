// @vitest-environment jsdom
import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'

import ConsentPanel from '../src/components/ConsentPanel.vue'

/** How high the window of the text is; the text is 600 high. */
let seenPx: number

beforeEach(() => {
  seenPx = 200
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockImplementation(() => seenPx)
  vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockReturnValue(600)
})
afterEach(() => vi.restoreAllMocks())

const open = (): VueWrapper => mount(ConsentPanel, { props: { consent: { version: '1', text: '一、\n二、' }, recording: null, isBusy: false, fault: '' } })
const mayAgree = (panel: VueWrapper): boolean => panel.get('[data-testid=consent]').attributes('disabled') === undefined

it('may be given once the text was read to its end', async () => {
  const panel = open()
  expect(mayAgree(panel)).toBe(false)
  const text = panel.get('[role=document]')
  text.element.scrollTop = 400
  await text.trigger('scroll')
  expect(mayAgree(panel)).toBe(true)
})

it('may be given once a larger window shows all of the text, where nothing can be scrolled', async () => {
  const panel = open()
  seenPx = 600
  dispatchEvent(new Event('resize'))
  await nextTick()
  expect(mayAgree(panel)).toBe(true)
})
