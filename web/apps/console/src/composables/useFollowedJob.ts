import { computed, ref, watch, type ComputedRef } from 'vue'

import { isRunning, useJobs, type Job } from '../stores/jobs.ts'

export interface UseFollowedJobReturn {
  job: ComputedRef<Job | undefined>
  isRunning: ComputedRef<boolean>
  follow: (jobId: string) => Promise<void>
}

/** Follow one background job while its page is open. onEnded: called once when it has ended, however it ended. */
export function useFollowedJob(onEnded: (job: Job) => unknown): UseFollowedJobReturn {
  const jobs = useJobs()
  const jobId = ref('')
  const job = computed(() => jobs.jobs.find((one) => one.id === jobId.value))
  watch(job, (now, before) => {
    if (now && !isRunning(now) && (!before || isRunning(before))) void onEnded(now)
  })
  return {
    job,
    isRunning: computed(() => jobId.value !== '' && (job.value === undefined || isRunning(job.value))),
    async follow(id) {
      jobId.value = id
      await jobs.noteStarted()
    },
  }
}
