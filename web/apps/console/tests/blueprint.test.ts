import { expect, test } from 'vitest'

import { fitSection, newSection } from '../src/pages/papers/useBlueprint.ts'

test('a part has as many items per question as the server allows its type', () => {
  expect(newSection('single').items_per_case).toBe(1)
  const section = { ...newSection('multiple'), credit: 'per_option' as const, option_points: '0.5', items_per_case: 3 }
  section.type = 'single'
  fitSection(section)
  expect(section).toMatchObject({ credit: 'none', option_points: '0', items_per_case: 1 })
})
