import type { Schemas } from '../../api.ts'
import { sittingWords } from '../../components/states.ts'
import { text } from './messages.ts'

export interface TimelineEntry {
  key: string
  at: string
  title: string
  when: 'past' | 'now' | 'future'
}

/** Return every date of an examination in order, with the present among them. */
export function computeTimeline(exam: Schemas['ExamDetail'], now: Date): TimelineEntry[] {
  const dated: [string, string, string][] = [['created', exam.created_at, text.value.create]]
  if (exam.agreement) dated.push(['agreement', exam.agreement.registered_at, `${text.value.agreement.register} ${exam.agreement.number}`])
  for (const one of exam.sittings) {
    const name = `${sittingWords.value.kinds[one.kind]} · ${one.title}`
    dated.push([`${one.id}-begins`, one.starts_at, `${name} ${text.value.timeline.begins}`])
    dated.push([`${one.id}-ends`, one.last_deadline, `${name} ${text.value.timeline.ends}`])
  }
  const entries = dated.map(([key, at, title]): TimelineEntry => ({ key, at, title, when: Date.parse(at) < now.getTime() ? 'past' : 'future' }))
  entries.push({ key: 'now', at: now.toISOString(), title: text.value.timeline.today, when: 'now' })
  return entries.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}
