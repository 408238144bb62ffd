import type { Ref } from 'vue'

import { api, take, type Schemas } from '../../api.ts'
import { useAction } from '../../composables/useAction.ts'
import { askConfirm, askTyped } from '../../dialogs.ts'
import { text } from './messages.ts'

type Detail = Schemas['SittingDetail']

class SteppedBack extends Error {}

/** What moves a sitting from state to state. onMoved: receives the sitting as it stands afterwards. */
export function useSittingActs(detail: Ref<Detail | undefined>, examTitle: () => string, onMoved: (now: Detail) => void) {
  const options = { then: onMoved, onFault: (fault: unknown) => fault instanceof SteppedBack }
  const path = () => ({ params: { path: { sitting_id: detail.value?.id ?? '' } } })
  const version = () => ({ version: detail.value?.version ?? 0 })

  async function typed(title: string): Promise<Schemas['TypedForm']> {
    const word = examTitle()
    if (!(await askTyped({ title, hint: text.value.sitting.typedHint, word }))) throw new SteppedBack()
    return { typed_title: word, reason: '' }
  }

  const propose = useAction(() => take(api.POST('/api/sittings/{sitting_id}/lock-proposal', { ...path(), body: version() })), { ...options, done: text.value.sitting.proposed })
  const lock = useAction(() => take(api.POST('/api/sittings/{sitting_id}/lock', { ...path(), body: version() })), { ...options, done: text.value.sitting.locked })
  const open = useAction(
    async () => {
      if (!(await askConfirm({ title: text.value.sitting.open, hint: text.value.sitting.openHint }))) throw new SteppedBack()
      return take(api.POST('/api/sittings/{sitting_id}/opening', path()))
    },
    { ...options, done: text.value.sitting.opened },
  )
  const unlock = useAction(
    async () => take(api.POST('/api/sittings/{sitting_id}/unlock', { ...path(), body: await typed(text.value.sitting.unlock) })),
    { ...options, done: text.value.sitting.doneBack },
  )
  const withdraw = useAction(
    async () => take(api.POST('/api/sittings/{sitting_id}/opening-withdrawal', { ...path(), body: await typed(text.value.sitting.withdraw) })),
    { ...options, done: text.value.sitting.doneBack },
  )
  return { propose, lock, open, unlock, withdraw }
}
