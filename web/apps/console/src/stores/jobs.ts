import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

import { api, take, type AnswerOf } from '../api.ts'
import { useNewest } from '../composables/useNewest.ts'

export type Job = AnswerOf<'/api/jobs/{job_id}'>

const SHOWN = 20
const BUSY_MS = 1500
const IDLE_MS = 30_000

export function isRunning(job: Pick<Job, 'state'>): boolean {
  return job.state === 'queued' || job.state === 'running'
}

/** One's own background jobs; watched while one runs, whatever page is open. */
export const useJobs = defineStore('jobs', () => {
  const jobs = ref<Job[]>([])
  const running = computed(() => jobs.value.filter(isRunning))
  let timer: ReturnType<typeof setTimeout> | undefined
  let isWatching = false

  // The header tries again after a fault; a page that needs the answer asks for itself and shows it.
  const { reload } = useNewest(
    () => take(api.GET('/api/jobs', { params: { query: { page_size: SHOWN } } })),
    (page) => (jobs.value = page.items),
  )

  async function turn(): Promise<void> {
    if (!document.hidden) await reload()
    // Whoever was told of a job meanwhile asked too: one of them goes on asking, or each would for ever.
    clearTimeout(timer)
    if (isWatching) timer = setTimeout(() => void turn(), running.value.length ? BUSY_MS : IDLE_MS)
  }

  function watch(): void {
    if (isWatching) return
    isWatching = true
    void turn()
  }

  function rest(): void {
    isWatching = false
    clearTimeout(timer)
    jobs.value = []
  }

  /** Call after something was started on the server. */
  async function noteStarted(): Promise<void> {
    clearTimeout(timer)
    await turn()
  }

  return { jobs, running, watch, rest, noteStarted }
})
