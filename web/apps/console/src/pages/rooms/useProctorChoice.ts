import { computed, ref, type ComputedRef, type Ref } from 'vue'

import type { Schemas } from '../../api.ts'
import { useNewest, type UseNewestReturn } from '../../composables/useNewest.ts'

export type Proctor = Pick<Schemas['ProctorAnswer'], 'staff_id' | 'display_name'> & Partial<Schemas['ProctorAnswer']>

export interface UseProctorChoiceReturn extends Pick<UseNewestReturn, 'isLoading' | 'fault'> {
  chosen: Ref<string[]>
  /** Who can be chosen now; the chosen ones are always among them, or they would show as bare ids. */
  options: ComputedRef<Proctor[]>
  /** How many more there are than are listed. */
  hidden: ComputedRef<number>
  find: (typed: string) => Promise<void>
  begin: (present: readonly Proctor[]) => Promise<void>
}

/** Choose among thousands of proctors: the first are listed, words find the others. ask: fetches those whose name holds the words. */
export function useProctorChoice(ask: (words: string) => Promise<{ items: Proctor[]; total: number }>): UseProctorChoiceReturn {
  const chosen = ref<string[]>([])
  const found = ref<Proctor[]>([])
  const total = ref(0)
  const known = new Map<string, Proctor>()
  let wanted = ''
  const search = useNewest(
    () => ask(wanted),
    (page) => {
      for (const one of page.items) known.set(one.staff_id, one)
      found.value = page.items
      total.value = page.total
    },
  )
  const options = computed(() => {
    const listed = new Set(found.value.map((one) => one.staff_id))
    const kept = chosen.value.filter((id) => !listed.has(id)).map((id) => known.get(id))
    return [...kept.filter((one) => one !== undefined), ...found.value]
  })
  async function find(typed: string): Promise<void> {
    wanted = typed.trim()
    await search.reload()
  }
  async function begin(present: readonly Proctor[]): Promise<void> {
    for (const one of present) known.set(one.staff_id, known.get(one.staff_id) ?? one)
    chosen.value = present.map((one) => one.staff_id)
    await find('')
  }
  return { chosen, options, hidden: computed(() => Math.max(0, total.value - found.value.length)), isLoading: search.isLoading, fault: search.fault, find, begin }
}
