import { onScopeDispose, ref, watch } from 'vue'

import { api, take, type Schemas } from '../../api.ts'

const WAIT_MS = 250

/** What recording by these rules is expected to cost, asked of the server shortly after the last change. */
export function useRecordingEstimate(rules: () => Schemas['RulesForm']) {
  const estimate = ref<Schemas['EstimateAnswer']>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function ask(): Promise<void> {
    const { recording, tracks_required: tracks } = rules()
    if (!recording) return
    const mine = ++asked
    const found = await take(api.POST('/api/exams/recording-estimate', { body: { recording, tracks } })).catch(() => undefined)
    if (mine === asked) estimate.value = found
  }

  watch(
    () => JSON.stringify([rules().recording, rules().tracks_required]),
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => void ask(), WAIT_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return estimate
}
