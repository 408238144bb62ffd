import { reactive, ref, watch, type Ref } from 'vue'

import { api, take, type Schemas } from '../../api.ts'
import { beijingFromInstant, instantFromBeijing } from '../../formats.ts'

type Rules = Schemas['RulesForm']
type Detail = Schemas['SittingDetail']

export interface SittingFields {
  kind: Schemas['SittingKind']
  title: string
  /** Beijing time as typed, "2025-11-22 09:30:00". */
  starts: string
  subject_codes: string[]
  capacity: number | null
  rules: Rules | undefined
}

/** Return rules that may be changed without changing those they were read from. */
function copyRules(rules: Rules): Rules {
  return JSON.parse(JSON.stringify(rules)) as Rules
}

/** A sitting being made or changed. sittingId: "" for a new one. */
export function useSittingForm(exam: () => Schemas['ExamDetail'], sittingId: Ref<string>, newKind: () => Schemas['SittingKind']) {
  const detail = ref<Detail>()
  const fields = reactive<SittingFields>({ kind: 'real', title: '', starts: '', subject_codes: [], capacity: null, rules: undefined })

  function show(found: Detail): void {
    detail.value = found
    const { kind, title, subject_codes, capacity, rules } = found
    Object.assign(fields, { kind, title, subject_codes: [...subject_codes], capacity, starts: beijingFromInstant(found.starts_at), rules: copyRules(rules) })
  }

  async function load(): Promise<void> {
    if (sittingId.value) return show(await take(api.GET('/api/sittings/{sitting_id}', { params: { path: { sitting_id: sittingId.value } } })))
    detail.value = undefined
    const profiles = await take(api.GET('/api/exam-profiles'))
    const profile = profiles.find((one) => one.name === exam().profile) ?? profiles[0]
    Object.assign(fields, { kind: newKind(), title: '', starts: '', subject_codes: exam().subjects.map((one) => one.code), capacity: null })
    fields.rules = profile ? copyRules(profile.rules) : undefined
  }

  async function save(): Promise<Detail> {
    const { starts, rules, ...rest } = fields
    const body = { ...rest, rules: rules ?? null, starts_at: instantFromBeijing(starts), capacity: fields.kind === 'mock' ? fields.capacity : null }
    const now = detail.value
    const saved = now
      ? await take(api.PUT('/api/sittings/{sitting_id}', { params: { path: { sitting_id: now.id } }, body: { ...body, version: now.version } }))
      : await take(api.POST('/api/exams/{exam_id}/sittings', { params: { path: { exam_id: exam().id } }, body }))
    show(saved)
    return saved
  }

  watch(sittingId, () => (detail.value = undefined))
  return { detail, fields, load, save, show }
}
