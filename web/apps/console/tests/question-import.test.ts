import { beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'

import { useQuestionImport } from '../src/pages/questions/useQuestionImport.ts'

const line = vi.hoisted(() => ({ GET: vi.fn(), POST: vi.fn() }))
vi.mock('../src/api.ts', () => ({ api: line, take: (answer: unknown) => answer, upload: vi.fn(), sentenceOf: String }))
vi.mock('vue-router', () => ({ useRoute: () => ({ query: { import: 'qimp_1' } }), useRouter: () => ({ replace: vi.fn() }) }))
vi.mock('../src/stores/jobs.ts', () => ({ useJobs: () => ({ jobs: [], noteStarted: vi.fn() }) }))

const imported = (state: string) => ({ id: 'qimp_1', state, job_id: 'job_1' })

beforeEach(() => {
  line.GET.mockReset()
  line.POST.mockReset()
})

it('does not fall back to what it asked before the questions were written', async () => {
  line.GET.mockResolvedValueOnce(imported('ready'))
  const scope = effectScope()
  const flow = scope.run(useQuestionImport)!
  await vi.waitFor(() => expect(flow.current.value?.state).toBe('ready'))

  let answerLate: (answer: unknown) => void = () => undefined
  line.GET.mockReturnValueOnce(new Promise((resolve) => (answerLate = resolve)))
  line.POST.mockResolvedValueOnce(imported('writing'))
  const asked = flow.reload()
  await flow.confirm.run()
  answerLate(imported('ready'))
  await asked
  expect(flow.current.value?.state).toBe('writing')
  expect(flow.isWorking.value).toBe(true)
  scope.stop()
})
