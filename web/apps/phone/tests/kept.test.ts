import { beforeEach, expect, it } from 'vitest'

import { deviceId, forgetTicket, keepTicket, keptTicket, takeToken } from '../src/kept.ts'

beforeEach(() => localStorage.clear())

it('takes the token out of the address, once', () => {
  history.replaceState(null, '', '/phone/#secret-token')
  expect(takeToken()).toBe('secret-token')
  expect(location.href.endsWith('/phone/')).toBe(true)
  expect(takeToken()).toBe('')
})

it('stays the same phone', () => {
  const first = deviceId()
  expect(first).toMatch(/^[0-9a-f]{64}$/)
  expect(deviceId()).toBe(first)
})

it('keeps its ticket over a reload and forgets it when it counts no more', () => {
  keepTicket('att_1.1.code')
  expect(keptTicket()).toBe('att_1.1.code')
  forgetTicket()
  expect(keptTicket()).toBe('')
})
