import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'

import { api, take, type Schemas } from '../api.ts'

const STORED = 'invigil.console.exam'
const MOST_LISTED = 100

/** The examination one works on: chosen once, used by every page that belongs to an examination. */
export const useExamScope = defineStore('exam-scope', () => {
  const exams = ref<Schemas['ExamAnswer'][]>([])
  const examId = ref(localStorage.getItem(STORED) ?? '')
  const isLoaded = ref(false)
  const exam = computed(() => exams.value.find((one) => one.id === examId.value))

  async function load(): Promise<void> {
    exams.value = (await take(api.GET('/api/exams', { params: { query: { page_size: MOST_LISTED } } }))).items
    if (!exam.value) examId.value = exams.value[0]?.id ?? ''
    isLoaded.value = true
  }
  watch(examId, (id) => localStorage.setItem(STORED, id))
  return { exams, examId, exam, isLoaded, load }
})
