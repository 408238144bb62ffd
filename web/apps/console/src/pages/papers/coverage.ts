/** Figures of a paper set, made ready for charts; pure. */
import type { Schemas } from '../../api.ts'

type Cell = Schemas['CoverageCell']

function sumBy(cells: Cell[], key: (cell: Cell) => string, value: (cell: Cell) => number): Map<string, number> {
  const sums = new Map<string, number>()
  for (const cell of cells) sums.set(key(cell), (sums.get(key(cell)) ?? 0) + value(cell))
  return sums
}

/** Per knowledge area: questions in the pool and per paper (mean, one decimal); most per paper first. */
export function byArea(cells: Cell[]): { area: string; pool: number; perPaper: number }[] {
  const pool = sumBy(cells, (cell) => cell.knowledge_area, (cell) => cell.pool)
  const drawn = sumBy(cells, (cell) => cell.knowledge_area, (cell) => cell.per_paper)
  const rows = [...pool].map(([area, count]) => ({ area: area || '—', pool: count, perPaper: Math.round((drawn.get(area) ?? 0) / 10) / 10 }))
  return rows.sort((a, b) => b.perPaper - a.perPaper)
}

/** Questions per paper at the difficulties 1..5. */
export function byDifficulty(cells: Cell[]): number[] {
  const drawn = sumBy(cells, (cell) => String(cell.difficulty), (cell) => cell.per_paper)
  return [1, 2, 3, 4, 5].map((level) => Math.round((drawn.get(String(level)) ?? 0) / 10) / 10)
}

/** The exposure histogram without its empty tail; labels are shares of the papers. */
export function exposureBars(histogram: number[]): { labels: string[]; counts: number[] } {
  const last = histogram.findLastIndex((count) => count > 0)
  const counts = histogram.slice(0, Math.max(last + 1, 1))
  const width = 100 / Math.max(histogram.length, 1)
  return { labels: counts.map((_, at) => `${Math.round(at * width)}–${Math.round((at + 1) * width)}%`), counts }
}
