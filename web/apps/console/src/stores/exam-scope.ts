import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'

import { api, take, type Schemas } from '../api.ts'

type Exam = Schemas['ExamAnswer']
const STORED = 'invigil.console.exam'
const MOST_LISTED = 100

/** The examination whose sittings are nearest in time, the newest of several; one that has none only when no other is there. */
export function findNearest(exams: readonly Exam[], nowMs: number): Exam | undefined {
  const distance = ({ first_starts_at: first, last_starts_at: last }: Exam): number =>
    first && last ? Math.max(0, Date.parse(first) - nowMs, nowMs - Date.parse(last)) : Number.MAX_SAFE_INTEGER
  return [...exams].sort((one, other) => distance(one) - distance(other) || other.created_at.localeCompare(one.created_at))[0]
}

/** The examination one works on: chosen once, used by every page that belongs to an examination. */
export const useExamScope = defineStore('exam-scope', () => {
  const exams = ref<Exam[]>([])
  const examId = ref(localStorage.getItem(STORED) ?? '')
  const isLoaded = ref(false)
  const exam = computed(() => exams.value.find((one) => one.id === examId.value))

  async function load(): Promise<void> {
    exams.value = (await take(api.GET('/api/exams', { params: { query: { page_size: MOST_LISTED } } }))).items
    if (!exam.value) examId.value = findNearest(exams.value, Date.now())?.id ?? ''
    isLoaded.value = true
  }
  watch(examId, (id) => localStorage.setItem(STORED, id))
  return { exams, examId, exam, isLoaded, load }
})
