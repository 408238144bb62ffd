import { expect, it } from 'vitest'

import { calculate } from '../src/index.ts'

it.each([
  ['1+2×3', '7'], ['(1+2)×3', '9'], ['0.1+0.2', '0.3'], ['−3−−2', '-1'], ['8÷4÷2', '1'], ['.5*4', '2'], [' 1 000 ', '1000'],
  ['1÷0', null], ['1+', null], ['(1', null], ['1)', null], ['abc', null], ['', null], ['('.repeat(200), null],
])('%s is %s', (text, result) => expect(calculate(text)).toBe(result))
