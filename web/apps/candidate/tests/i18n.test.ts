import { describe, expect, it } from 'vitest'

import { en } from '../src/i18n/en.ts'
import { saySpan, t } from '../src/i18n/index.ts'
import { zh, } from '../src/i18n/zh.ts'

const holesOf = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((hit) => hit[0]).sort()

describe('messages', () => {
  it.each(Object.keys(zh) as (keyof typeof zh)[])('%s has the same holes in both languages', (key) => {
    expect(holesOf(en[key])).toEqual(holesOf(zh[key]))
    expect(en[key].trim()).not.toBe('')
  })

  it('fills holes and leaves unknown ones', () => expect(t('exam.question', { n: 7 })).toBe('第 7 题'))

  it.each([[5_400_000, '1 小时 30 分'], [900_000, '15 分钟'], [65_000, '1 分 5 秒'], [60_000, '1 分钟'], [400, '1 秒']])('says %i ms as %s', (ms, words) =>
    expect(saySpan(ms)).toBe(words))
})
