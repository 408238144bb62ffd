import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'

import { askBeforeLeaving, leaveIfAgreed } from '../src/app/leaving.ts'

enableAutoUnmount(afterEach)

async function openPage(question: () => boolean) {
  const Page = defineComponent({
    setup() {
      askBeforeLeaving(question)
      return () => h('p')
    },
  })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: Page }, { path: '/login', component: { render: () => null } }] })
  await router.push('/')
  mount(RouterView, { global: { plugins: [router] } })
  await flushPromises()
  return router
}

test('whoever stays with unsaved work is not logged out', async () => {
  const router = await openPage(() => false)
  const logOut = vi.fn(async () => router.push('/login'))
  expect(await leaveIfAgreed(logOut)).toBe(false)
  expect(logOut).not.toHaveBeenCalled()
  await router.push('/login')
  expect(router.currentRoute.value.path).toBe('/')
})

test('whoever leaves is asked once', async () => {
  const question = vi.fn(() => true)
  const router = await openPage(question)
  expect(await leaveIfAgreed(async () => router.push('/login'))).toBe(true)
  expect([router.currentRoute.value.path, question.mock.calls.length]).toEqual(['/login', 1])
  await flushPromises()
  expect(await leaveIfAgreed(async () => undefined)).toBe(true)
  expect(question).toHaveBeenCalledTimes(1)
})
