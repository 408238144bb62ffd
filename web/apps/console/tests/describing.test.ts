import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { setLanguage } from '../src/language.ts'
import { detailName, detailsLine, detailValue } from '../src/pages/audit/describing.ts'

beforeEach(() => setActivePinia(createPinia()))
afterEach(() => setLanguage('zh'))

const DETAILS = { taken_since: 2, kind: 'hand_in_times', with_answers: false, roles: ['board_official', 'auditor'], reason: '核对考生身份' }

test('details read as Chinese sentences', () => {
  expect(detailsLine(DETAILS)).toBe('已由他人写入：2；类型：交卷时间；含答案：否；角色：甲方、审计；原因：核对考生身份')
})

test('details read as English too, what people wrote as they wrote it', () => {
  setLanguage('en')
  expect(detailsLine(DETAILS)).toBe('written by others meanwhile: 2; kind: times of hand-in; with answers: no; roles: board, auditor; reason: 核对考生身份')
})

test('a detail without words is named by its key', () => {
  setLanguage('en')
  expect([detailName('new_thing'), detailValue(null)]).toEqual(['new thing', '—'])
})
