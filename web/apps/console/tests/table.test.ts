import { flushPromises, mount } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'

import { useTable, type PageOf, type PageQuery, type UseTableReturn } from '../src/composables/useTable.ts'

interface Row {
  id: string
}
type Load = (query: PageQuery & { state: string }) => Promise<PageOf<Row>>
const page = (ids: string[], total = ids.length): PageOf<Row> => ({ items: ids.map((id) => ({ id })), total, page: 1, page_size: 20 })

async function openTable(load: Load, address = '/') {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: { render: () => null } }] })
  await router.push(address)
  const made: { table?: UseTableReturn<Row, { state: string }> } = {}
  const Page = defineComponent({
    setup() {
      made.table = useTable<Row, { state: string }>(load, { filters: { state: '' } })
      return () => h('div')
    },
  })
  mount(Page, { global: { plugins: [router] } })
  await flushPromises()
  return { table: made.table!, router }
}

test('page, search and filters come from the address, and go back there', async () => {
  const load = vi.fn<Load>().mockImplementation(async () => page(['a'], 60))
  const { table, router } = await openTable(load, '/?page=3&q=王&state=done&other=1')
  expect(load.mock.lastCall?.[0]).toMatchObject({ page: 3, q: '王', state: 'done' })
  table.filters.state = ''
  await flushPromises()
  expect(table.query.page).toBe(1)
  expect(router.currentRoute.value.query).toEqual({ other: '1', q: '王' })
})

test('the answer to the newest question wins, however late the older one comes', async () => {
  const answers: ((answer: PageOf<Row>) => void)[] = []
  const { table } = await openTable(() => new Promise((resolve) => answers.push(resolve)))
  const second = table.reload()
  answers[1]?.(page(['new']))
  await second
  answers[0]?.(page(['old']))
  await flushPromises()
  expect(table.rows.value).toEqual([{ id: 'new' }])
})

test('a fault is kept for the page to show, and goes with the next success', async () => {
  const load = vi.fn<Load>().mockRejectedValueOnce(new TypeError('network')).mockResolvedValue(page(['a']))
  const { table } = await openTable(load)
  expect(table.fault.value).toBeInstanceOf(TypeError)
  await table.reload()
  expect(table.fault.value).toBeUndefined()
})

test('a page that has run empty leads to the last one that has rows', async () => {
  const load = vi.fn<Load>().mockImplementation(async ({ page: asked }) => (asked > 2 ? page([], 40) : page(['last'], 40)))
  const { table } = await openTable(load, '/?page=5')
  await flushPromises()
  expect(table.query.page).toBe(2)
  expect(table.rows.value).toEqual([{ id: 'last' }])
})

test('clearing sets every filter and the search back', async () => {
  const { table } = await openTable(async () => page([]), '/?q=x&state=done')
  expect(table.isNarrowed.value).toBe(true)
  await table.clear()
  expect(table.isNarrowed.value).toBe(false)
})
