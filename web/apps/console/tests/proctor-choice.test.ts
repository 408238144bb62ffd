import { expect, test } from 'vitest'

import { useProctorChoice, type Proctor } from '../src/pages/rooms/useProctorChoice.ts'

const EVERYBODY: Proctor[] = Array.from({ length: 300 }, (_, at) => ({ staff_id: `staff_${at}`, display_name: `监考${at}`, declared_at: null }))
const PAGE = 50
const ask = async (words: string) => {
  const all = EVERYBODY.filter((one) => one.display_name.includes(words))
  return { items: all.slice(0, PAGE), total: all.length }
}

test('beyond the first page people are found by name, and those chosen before stay chosen by name', async () => {
  const choice = useProctorChoice(ask)
  await choice.begin([{ staff_id: 'staff_7', display_name: '监考7' }])
  expect([choice.options.value.length, choice.hidden.value]).toEqual([PAGE, 250])
  await choice.find(' 监考299 ')
  expect(choice.options.value.map((one) => one.display_name)).toEqual(['监考7', '监考299'])
  choice.chosen.value.push('staff_299')
  await choice.find('')
  expect(choice.options.value.map((one) => one.staff_id)).toContain('staff_299')
  expect(choice.options.value).toHaveLength(PAGE + 1)
})

test('whoever watches a room is chosen at first, even beyond the list', async () => {
  const choice = useProctorChoice(ask)
  await choice.begin([{ staff_id: 'staff_250', display_name: '监考250' }])
  expect(choice.chosen.value).toEqual(['staff_250'])
  expect(choice.options.value[0]?.display_name).toBe('监考250')
})
