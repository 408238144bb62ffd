import { computed, reactive, ref, watch } from 'vue'

import { api, sentenceOf, take, type Schemas } from '../../api.ts'
import { questionWords, type QuestionType } from '../../components/questions/kinds.ts'

export type Blueprint = Schemas['Blueprint-Input']
export type Section = Schemas['Section-Input']

const CHECK_DELAY_MS = 400

/** Return a new part of a paper. */
export function newSection(type: QuestionType): Section {
  return { type, title: questionWords.value.types[type], count: 10, points_each: '1', by_area: {}, by_difficulty: {}, by_cell: [], compulsory: [], credit: 'none', option_points: '0', items_per_case: 1 }
}

/** Give a part what its new type can have: several items are a case's alone, partial credit some types'. */
export function fitSection(section: Section): void {
  Object.assign(section, { credit: 'none', option_points: '0', items_per_case: 1 })
}

/** Tell whether the draft can be sent at all; whether the bank fills it is the server's to say. */
export function isComplete(draft: Blueprint): boolean {
  const points = /^\d+(\.[05])?$/
  return (
    draft.title.trim() !== '' && draft.subject_code !== '' && points.test(draft.pass_mark) && draft.sections.length > 0 && draft.sections.every((one) => one.title.trim() !== '' && one.count > 0 && points.test(one.points_each))
  )
}

/** How many questions of a section no quota speaks of; negative when the quotas ask for too many. */
export function unbound(section: Section, quotas: Record<string, number> | undefined): number {
  return section.count - Object.values(quotas ?? {}).reduce((sum, count) => sum + count, 0)
}

/** A blueprint being edited, checked against the bank while one types. */
export function useBlueprint() {
  const draft = reactive<Blueprint>({ title: '', subject_code: 'A', pass_mark: '60', shuffle_items: true, shuffle_options: true, difficulty_band: null, sections: [newSection('single')] })
  const feasibility = ref<Schemas['FeasibilityAnswer']>()
  const complaint = ref('')
  const pool = ref<Schemas['PoolAnswer']>()
  const isReady = computed(() => isComplete(draft))
  let timer: ReturnType<typeof setTimeout> | undefined
  let newest = 0

  async function check(): Promise<void> {
    if (!isReady.value) return void (feasibility.value = undefined)
    const mine = ++newest
    try {
      const answer = await take(api.POST('/api/papers/blueprints/check', { body: draft }))
      if (mine !== newest) return
      feasibility.value = answer
      complaint.value = ''
    } catch (fault) {
      if (mine !== newest) return
      feasibility.value = undefined
      complaint.value = sentenceOf(fault)
    }
  }
  watch(draft, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void check(), CHECK_DELAY_MS)
  })
  watch(() => draft.subject_code, async (code) => {
    pool.value = code ? await take(api.GET('/api/papers/pool', { params: { query: { subject_code: code } } })) : undefined
  }, { immediate: true })
  void check()
  return { draft, feasibility, complaint, pool, isReady }
}
