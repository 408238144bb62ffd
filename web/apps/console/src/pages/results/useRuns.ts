import { computed, ref } from 'vue'

import { api, take, type Schemas } from '../../api.ts'
import { actWithReason } from '../../composables/askedAct.ts'
import { useAction } from '../../composables/useAction.ts'
import { useFollowedJob } from '../../composables/useFollowedJob.ts'
import { useLoad } from '../../composables/useLoad.ts'
import { text } from './messages.ts'

export type Run = Schemas['RunAnswer']
export type Correction = Schemas['Correction']
/** A correction that waits to be graded, with the question's name for people. */
export interface ChosenCorrection {
  correction: Correction
  name: string
}

/** The grading runs of a sitting, and what moves them. */
export function useRuns(sittingId: string) {
  const params = { path: { sitting_id: sittingId } }
  const chosen = ref('')
  const runs = useLoad(async () => {
    const { items } = await take(api.GET('/api/grading/sittings/{sitting_id}/runs', { params }))
    if (!items.some((one) => one.id === chosen.value)) chosen.value = (items.findLast((one) => one.state !== 'superseded') ?? items.at(-1))?.id ?? ''
    return items
  })
  const run = computed<Run | undefined>(() => runs.value.value?.find((one) => one.id === chosen.value))
  const job = useFollowedJob(runs.reload)
  const path = () => ({ params: { path: { run_id: chosen.value } } })
  const reloads = { then: runs.reload }

  const begin = useAction((reason: string, corrections: Correction[]) => take(api.POST('/api/grading/sittings/{sitting_id}/runs', { params, body: { reason, corrections } })), {
    done: text.value.begun,
    then: async (started) => {
      chosen.value = started.run.id
      await runs.reload()
      await job.follow(started.job_id)
    },
  })
  const propose = useAction(() => take(api.POST('/api/grading/runs/{run_id}/proposal', path())), { ...reloads, done: text.value.proposed })
  const takeBack = useAction(() => take(api.DELETE('/api/grading/runs/{run_id}/proposal', path())), reloads)
  const approve = useAction(() => take(api.POST('/api/grading/runs/{run_id}/approval', path())), { ...reloads, done: text.value.released })
  async function withReason(title: string, act: (reason: string) => Promise<unknown>): Promise<void> {
    if (await actWithReason({ title, hint: text.value.withdrawHint, isGrave: true }, act, text.value.done)) await runs.reload()
  }
  const withdraw = () => withReason(text.value.withdraw, (reason) => take(api.POST('/api/grading/runs/{run_id}/withdrawal', { ...path(), body: { reason } })))
  const abandon = () => withReason(text.value.abandon, (reason) => take(api.POST('/api/grading/runs/{run_id}/abandonment', { ...path(), body: { reason } })))
  return { runs, chosen, run, job, begin, propose, takeBack, approve, withdraw, abandon }
}
