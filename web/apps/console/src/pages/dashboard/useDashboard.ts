import { computed } from 'vue'

import { api, take, type Schemas } from '../../api.ts'
import { useLoad } from '../../composables/useLoad.ts'
import { usePolling } from '../../composables/usePolling.ts'
import { useExamScope } from '../../stores/exam-scope.ts'
import { useLogin, type Role } from '../../stores/login.ts'
import { computeTasks, type TasksInput } from './tasks.ts'

type Found = Omit<TasksInput, 'me' | 'now'> & { candidates?: Schemas['SummaryAnswer'] | undefined; bank?: Schemas['QuestionStatisticsAnswer'] | undefined }
const REFRESH_MS = 30_000

/** Everything the dashboard shows of the chosen examination; what a role may not read is left out. */
export function useDashboard() {
  const scope = useExamScope()
  const login = useLogin()
  const params = () => ({ path: { exam_id: scope.examId } })

  async function when<T>(roles: readonly Role[], load: () => Promise<T>): Promise<T | undefined> {
    return login.holds(roles) ? load() : undefined
  }
  async function fetchLater(sittings: { id: string; state: string }[]) {
    const running = sittings.filter((one) => one.state === 'running')
    const graded = sittings.filter((one) => one.state === 'graded' || one.state === 'closed')
    const changes = await when(['administrator', 'patrol', 'board_official'], () => Promise.all(running.map((one) => take(api.GET('/api/attempts/of-sitting/{sitting_id}/changes', { params: { path: { sitting_id: one.id } } })))))
    const runs = await when(['administrator', 'board_official'], () => Promise.all(graded.map((one) => take(api.GET('/api/grading/sittings/{sitting_id}/runs', { params: { path: { sitting_id: one.id } } })))))
    return { pendingChanges: changes?.flat().filter((one) => one.state === 'proposed').length, runs: runs?.flatMap((one) => one.items) }
  }
  async function fetchAll(): Promise<Found> {
    if (!scope.isLoaded) await scope.load()
    if (!scope.examId) return { exam: undefined }
    const exam = await take(api.GET('/api/exams/{exam_id}', { params: params() }))
    const [candidates, checklist, plan, paperSets, bank, later] = await Promise.all([
      when(['administrator', 'support', 'board_official', 'operator'], () => take(api.GET('/api/candidates/summary', { params: { query: { exam_id: scope.examId } } }))),
      when(['administrator', 'board_official', 'auditor', 'support', 'operator'], async () => (await take(api.GET('/api/exams/{exam_id}/checklist', { params: params() }))).items),
      when(['administrator', 'board_official', 'auditor'], () => take(api.GET('/api/exams/{exam_id}/room-plan', { params: params() }))),
      when(['administrator', 'board_official'], async () => (await take(api.GET('/api/papers/sets', { params: { query: { page_size: 100 } } }))).items),
      when(['administrator', 'board_official', 'auditor'], () => take(api.GET('/api/questions/statistics'))),
      fetchLater(exam.sittings),
    ])
    return { exam, candidates, checklist, plan, paperSets, bank, ...later }
  }
  const loaded = useLoad(fetchAll, () => scope.examId)
  usePolling(loaded.reload, { everyMs: REFRESH_MS })
  const tasks = computed(() => {
    const me = login.me
    return me && loaded.value.value ? computeTasks({ me, now: new Date(), ...loaded.value.value }) : []
  })
  return { loaded, tasks }
}
