import { expect, it } from 'vitest'

import { riseOf, type Levels } from '../src/sound.ts'

const QUIET: Levels[] = Array.from({ length: 12 }, () => [-70, -72, -74])
const during = (levels: Levels, others: Levels, share: number): Levels[] =>
  Array.from({ length: 20 }, (_, at) => (at >= 20 - share * 20 ? levels : others))

it.each<[string, 0 | 1 | 2, Levels[], number]>([
  ['a tone that comes late through a wireless headset', 0, during([-40, -72, -74], [-70, -72, -74], 0.65), 30],
  ['a tone beside a little noise', 1, during([-66, -40, -70], [-70, -72, -74], 1), 28],
  ['a knock on the table', 0, during([-20, -20, -20], [-70, -72, -74], 0.1), 0],
  ['somebody who begins to speak', 0, during([-35, -38, -40], [-70, -72, -74], 1), 1],
  ['another tone than the one that plays', 2, during([-40, -72, -74], [-70, -72, -74], 1), -30],
  ['nothing', 0, QUIET, 0],
])('%s', (_, place, playing, rise) => {
  expect(riseOf(place, QUIET, playing)).toBe(rise)
})

it('takes silence for the floor when nothing was measured', () => {
  expect(riseOf(0, [], [])).toBe(0)
})
