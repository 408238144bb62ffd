import { computed, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { api, take, upload, type Schemas } from '../../api.ts'
import { makeTurns } from '../../composables/turns.ts'
import { useAction } from '../../composables/useAction.ts'
import { usePolling } from '../../composables/usePolling.ts'
import { useJobs } from '../../stores/jobs.ts'
import { text } from './messages.ts'

type Import = Schemas['QuestionImportAnswer']
const POLL_MS = 1000

/** An import of questions, from file to written; found again by its id in the address. */
export function useQuestionImport() {
  const [route, router] = [useRoute(), useRouter()]
  const jobs = useJobs()
  const current = ref<Import>()
  const isWorking = computed(() => current.value?.state === 'reading' || current.value?.state === 'writing')
  const job = computed(() => jobs.jobs.find((one) => one.id === current.value?.job_id))
  const path = () => ({ params: { path: { import_id: current.value?.id ?? '' } } })

  const beginTurn = makeTurns()
  async function reload(): Promise<void> {
    const id = current.value?.id ?? String(route.query['import'] ?? '')
    const isNewest = beginTurn()
    const found = id ? await take(api.GET('/api/questions/imports/{import_id}', { params: { path: { import_id: id } } })) : undefined
    if (isNewest()) current.value = found
  }
  function accept(now: Import): void {
    beginTurn()
    current.value = now
    void router.replace({ query: { import: now.id } })
    void jobs.noteStarted()
  }
  function restart(): void {
    beginTurn()
    current.value = undefined
    void router.replace({ query: {} })
  }
  const share = ref(0)
  const start = useAction(
    (file: File, hints: { subjects: string[]; area: string; source: string }) => {
      const query = new URLSearchParams([...hints.subjects.map((code) => ['subject', code]), ['knowledge_area', hints.area], ['source', hints.source]])
      return upload<Import>(`/api/questions/uploads/imports?${query.toString()}`, file, (sent) => (share.value = sent))
    },
    { then: accept },
  )
  const confirm = useAction(() => take(api.POST('/api/questions/imports/{import_id}/confirm', path())), { then: accept })
  const discard = useAction(() => take(api.POST('/api/questions/imports/{import_id}/discard', path())), { done: text.value.wizard.discarded, then: restart })
  const poll = usePolling(reload, { everyMs: POLL_MS, starts: false })
  watch(isWorking, (working) => (working ? poll.start() : poll.stop()), { immediate: true })
  void reload()
  return { current, job, isWorking, share, start, confirm, discard, restart, reload }
}
