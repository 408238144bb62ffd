import { computed, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { api, take, upload, type Schemas } from '../../api.ts'
import { IMPORT_STEPS } from '../../components/import-steps.ts'
import { makeTurns } from '../../composables/turns.ts'
import { useAction } from '../../composables/useAction.ts'
import { usePolling } from '../../composables/usePolling.ts'
import { useJobs } from '../../stores/jobs.ts'
import { text } from './messages.ts'

type Import = Schemas['ImportAnswer']
const POLL_MS = 1000

/** An import from file to written, found again by its id in the address after leaving the page. uploadPath: with its query. */
export function useImport(uploadPath: () => string) {
  const [route, router] = [useRoute(), useRouter()]
  const jobs = useJobs()
  const current = ref<Import>()
  const file = ref<File>()
  const share = ref(0)
  const isWorking = computed(() => current.value?.state === 'reading' || current.value?.state === 'writing')
  const step = computed(() => IMPORT_STEPS[current.value?.state ?? 'discarded'])
  const job = computed(() => jobs.jobs.find((one) => one.id === current.value?.job_id))
  const path = () => ({ params: { path: { import_id: current.value?.id ?? '' } } })

  const beginTurn = makeTurns()
  async function read(id: string): Promise<void> {
    const isNewest = beginTurn()
    const found = await take(api.GET('/api/candidates/imports/{import_id}', { params: { path: { import_id: id } } }))
    if (isNewest()) current.value = found
  }
  function accept(now: Import): void {
    beginTurn()
    current.value = now
    void router.replace({ query: { ...route.query, import: now.id } })
    void jobs.noteStarted()
  }
  function restart(): void {
    beginTurn()
    current.value = undefined
    file.value = undefined
    share.value = 0
    void router.replace({ query: {} })
  }

  const start = useAction(() => upload<Import>(uploadPath(), file.value as File, (sent) => (share.value = sent)), { then: accept })
  const confirm = useAction(() => take(api.POST('/api/candidates/imports/{import_id}/confirm', path())), { then: accept })
  const discard = useAction(() => take(api.POST('/api/candidates/imports/{import_id}/discard', path())), { done: text.value.wizard.discarded, then: restart })
  const poll = usePolling(async () => current.value && read(current.value.id), { everyMs: POLL_MS, starts: false })
  watch(isWorking, (working) => (working ? poll.start() : poll.stop()), { immediate: true })
  if (typeof route.query['import'] === 'string') void read(route.query['import'])
  return { current, file, share, step, job, isWorking, start, confirm, discard, restart }
}
