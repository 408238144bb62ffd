import { RefusedError } from '@invigil/api'
import { expect, test, vi } from 'vitest'

import { backFrom } from '../src/app/router.ts'
import { routes } from '../src/app/routes.ts'
import { MENU } from '../src/app/menu.ts'
import { codeOf, detailOf, lostLogins, sentenceOf, take } from '../src/api.ts'
import { useAction } from '../src/composables/useAction.ts'
import { setLanguage } from '../src/language.ts'

const refusal = new RefusedError(423, { code: 'accounts.locked', message: '账号已锁定', message_en: 'Locked', details: { retry_after_s: 60 } })

test('a refusal speaks the language of the page', () => {
  setLanguage('zh')
  expect(sentenceOf(refusal)).toBe('账号已锁定')
  setLanguage('en')
  expect(sentenceOf(refusal)).toBe('Locked')
  setLanguage('zh')
  expect(codeOf(refusal)).toBe('accounts.locked')
  expect(detailOf(refusal, 'retry_after_s')).toBe(60)
})

test('bad input names its places, a lost network is said as such', () => {
  const bad = new RefusedError(422, { code: 'http.bad_input', message: '…', message_en: '…', details: { errors: [{ at: 'body.title', reason: 'too long' }] } })
  expect(sentenceOf(bad)).toContain('title (too long)')
  expect(sentenceOf(new TypeError('Failed to fetch'))).toContain('连不上服务器')
})

test('a login that has ended is noticed by the shell', async () => {
  const before = lostLogins.value
  const ended = new RefusedError(401, { code: 'accounts.not_logged_in', message: '', message_en: '' })
  await expect(take(Promise.reject(ended))).rejects.toBe(ended)
  expect(lostLogins.value).toBe(before + 1)
})

test('an action runs once at a time', async () => {
  let finish = () => {}
  const act = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)))
  const { run, isBusy } = useAction(act)
  const first = run()
  expect(isBusy.value).toBe(true)
  expect(await run()).toBe(false)
  finish()
  expect(await first).toBe(true)
  expect(act).toHaveBeenCalledTimes(1)
})

test.each([
  ['/exams?tab=sittings', '/exams?tab=sittings'],
  ['https://elsewhere.example/', '/'],
  ['//elsewhere.example/', '/'],
  [undefined, '/'],
])('after the login, back=%j leads to %j', (back, place) => expect(backFrom({ query: back === undefined ? {} : { back } })).toBe(place))

test('every entry of the menu has its page', () => {
  const names = new Set(routes.flatMap((route) => [route, ...(route.children ?? [])]).map((route) => route.name))
  for (const item of MENU.flatMap((group) => group.items)) expect(names).toContain(item.name)
})
