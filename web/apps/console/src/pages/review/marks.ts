/** Everything that can be judged, in one list on one clock. */
import type { Schemas } from '../../api.ts'
import { formatItem } from '../../formats.ts'
import { inLanguage } from '../../language.ts'
import { COLOURS, text } from './messages.ts'

export type Timeline = Schemas['TimelineAnswer']
export type Verdict = Schemas['VerdictAnswer']

export interface ReviewMark {
  source: 'signal' | 'note' | 'finding'
  id: string
  atMs: number
  toMs: number
  colour: string
  title: string
  detail: string
  mustJudge: boolean
  /** Verdicts of all rounds, in order. */
  verdicts: Verdict[]
  /** A finding of this reviewer can be taken back. */
  by: string
}

/** Return the marks of an attempt in order of time. */
export function listMarks(timeline: Timeline): ReviewMark[] {
  const verdictsOf = (source: string, id: string) => timeline.verdicts.filter((one) => one.source === source && one.mark_id === id)
  const signals = timeline.signals.map(
    (one): ReviewMark => ({
      source: 'signal',
      id: one.id,
      atMs: Date.parse(one.at),
      toMs: Math.max(Date.parse(one.last_at), Date.parse(one.at) + 1_000),
      colour: COLOURS[one.severity],
      title: inLanguage(one.zh, one.en),
      detail: [text.value.devices[one.device] ?? one.device, formatItem(one.item), one.count > 1 ? text.value.times(one.count) : '', inLanguage(one.detail_zh, one.detail_en)].filter(Boolean).join(' · '),
      mustJudge: one.must_judge,
      verdicts: verdictsOf('signal', one.id),
      by: '',
    }),
  )
  const notes = timeline.notes.map((one): ReviewMark => written('note', one.id, Date.parse(one.at), Date.parse(one.at) + 1_000, inLanguage(one.kind_zh, one.kind_en), [one.text, one.by_name].filter(Boolean).join(' — '), verdictsOf('note', one.id), one.by))
  const findings = timeline.findings.map((one): ReviewMark => written('finding', one.id, one.from_ms, one.to_ms, text.value.sources.finding, one.text, verdictsOf('finding', one.id), one.reviewer))
  return [...signals, ...notes, ...findings].sort((one, other) => one.atMs - other.atMs)
}

function written(source: 'note' | 'finding', id: string, atMs: number, toMs: number, title: string, detail: string, verdicts: Verdict[], by: string): ReviewMark {
  return { source, id, atMs, toMs, colour: COLOURS[source], title, detail, mustJudge: true, verdicts, by }
}

/** Return the verdict that counts in this round, if any. */
export function verdictIn(mark: ReviewMark, round: number | null): Verdict | undefined {
  return mark.verdicts.find((one) => one.round === round)
}

/** Return how many marks still hold this round back. */
export function countUnjudged(marks: readonly ReviewMark[], round: number | null): number {
  return marks.filter((mark) => mark.mustJudge && verdictIn(mark, round) === undefined).length
}

/** Return everything that happened, for skipping the time in which nothing did. */
export function listInstants(timeline: Timeline, marks: readonly ReviewMark[]): number[] {
  return [
    ...marks.flatMap((mark) => [mark.atMs, mark.toMs]),
    ...timeline.steps.map((step) => Date.parse(step.at)),
    ...timeline.trail.filter((save) => save.changed.length > 0).map((save) => Date.parse(save.saved_at)),
  ]
}
