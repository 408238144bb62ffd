import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

import { api, take, type AnswerOf } from '../api.ts'

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

  async function refresh(): Promise<void> {
    try {
      jobs.value = (await take(api.GET('/api/jobs', { params: { query: { page_size: SHOWN } } }))).items
    } catch {
      // the header tries again; a page that needs the answer asks for itself and shows the fault
    }
  }

  async function turn(): Promise<void> {
    if (!document.hidden) await refresh()
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
