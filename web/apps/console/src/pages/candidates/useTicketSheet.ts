import { api, take, type Schemas } from '../../api.ts'
import { formatInstant, formatTimeOfDay } from '../../formats.ts'

/** Return what an examination gives to every admission ticket. */
export async function fetchTicketSheet(examId: string, notes: string): Promise<Schemas['TicketSheetForm']> {
  const exam = await take(api.GET('/api/exams/{exam_id}', { params: { path: { exam_id: examId } } }))
  return {
    exam_title: exam.title,
    rules: notes.split('\n').map((line) => line.trim()).filter(Boolean),
    subject_names: Object.fromEntries(exam.subjects.map((one) => [one.code, one.title])),
    sittings: exam.sittings.map((one) => ({ title: one.title, subject_codes: one.subject_codes, time: `${formatInstant(one.starts_at)}–${formatTimeOfDay(one.ends_at)}` })),
  }
}
