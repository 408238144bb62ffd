import { flushPromises } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { effectScope, ref } from 'vue'

import { useChosen } from '../src/composables/useChosen.ts'

function choose() {
  const id = ref('')
  const answers: ((found: string) => void)[] = []
  const load = vi.fn(() => new Promise<string>((resolve) => answers.push(resolve)))
  const made = effectScope().run(() => useChosen(() => id.value, load))
  if (!made) throw new Error('no scope')
  /** Choose this one and let its answer come. */
  async function show(one: string): Promise<void> {
    id.value = one
    await flushPromises()
    answers.at(-1)?.(one)
    await flushPromises()
  }
  return { id, load, answers, show, ...made }
}

test('nothing is fetched while none is chosen, and the last one stays while it closes', async () => {
  const { id, load, show, value, isLoading } = choose()
  expect(load).not.toHaveBeenCalled()
  await show('one')
  id.value = ''
  await flushPromises()
  expect([load.mock.calls.length, value.value, isLoading.value]).toEqual([1, 'one', false])
})

test('nothing of the one before is seen under the next', async () => {
  const { id, answers, show, value } = choose()
  await show('one')
  id.value = 'two'
  await flushPromises()
  expect(value.value).toBeUndefined()
  answers[1]?.('two')
  await flushPromises()
  expect(value.value).toBe('two')
})

test('the same one again is shown at once and fetched anew', async () => {
  const { id, load, show, value } = choose()
  await show('one')
  id.value = ''
  await flushPromises()
  id.value = 'one'
  await flushPromises()
  expect([value.value, load.mock.calls.length]).toEqual(['one', 2])
})

test('what is closed before its answer comes is kept, not waited for for ever', async () => {
  const { id, answers, value, isLoading } = choose()
  id.value = 'one'
  await flushPromises()
  id.value = ''
  await flushPromises()
  answers[0]?.('one')
  await flushPromises()
  expect([value.value, isLoading.value]).toEqual(['one', false])
})
