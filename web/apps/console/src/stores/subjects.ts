import { defineStore } from 'pinia'
import { ref } from 'vue'

import { api, take } from '../api.ts'

const USUAL = ['A', 'B', 'C1', 'C2', 'C3']

/** Subject codes to choose from: those of the bank and of the Beijing profile. */
export const useSubjects = defineStore('subjects', () => {
  const codes = ref<string[]>(USUAL)
  const areas = ref<string[]>([])
  async function load(): Promise<void> {
    const { cells } = await take(api.GET('/api/questions/statistics'))
    codes.value = [...new Set([...USUAL, ...cells.map((one) => one.subject_code)])].filter(Boolean).sort()
    areas.value = [...new Set(cells.map((one) => one.knowledge_area))].filter(Boolean).sort()
  }
  return { codes, areas, load }
})
