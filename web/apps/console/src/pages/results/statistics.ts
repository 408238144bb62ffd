/** Figures of a grading run, made ready for charts; pure. Scores come in half points. */
import type { Schemas } from '../../api.ts'
import type { ScatterPoint } from '../../components/charts/options.ts'

export type ItemStatistics = Schemas['ItemStatisticsAnswer']
export const WEAK_DISCRIMINATION = 0.2

/** Half points as text: 119 → "59.5". */
export function pointsText(halfPoints: number): string {
  return Number.isInteger(halfPoints / 2) ? String(halfPoints / 2) : (halfPoints / 2).toFixed(1)
}

/** Tell whether a person should look at the question or its key. */
export function isWeak(item: Pick<ItemStatistics, 'discrimination'>): boolean {
  return item.discrimination !== null && item.discrimination < WEAK_DISCRIMINATION
}

/** The histogram's bars with their score ranges; full: the full score in points. */
export function histogramBars(histogram: number[], full: string): { labels: string[]; counts: number[] } {
  const step = Number(full) / Math.max(1, histogram.length)
  return { labels: histogram.map((_, at) => `${(at * step).toFixed(0)}–${((at + 1) * step).toFixed(0)}`), counts: histogram }
}

/** What an item is called: its number and what it asks, as far as this person may read it. */
export function itemName(item: Pick<ItemStatistics, 'number' | 'excerpt' | 'knowledge_area'>): string {
  return `${item.number} ${item.excerpt || item.knowledge_area}`.trim()
}

/** Items whose words hold what is looked for; onlyWeak: those a person should look at. */
export function searchItems(items: ItemStatistics[], looked: string, onlyWeak: boolean): ItemStatistics[] {
  const word = looked.trim()
  const holds = (one: ItemStatistics) => !word || String(one.number) === word || `${one.excerpt} ${one.knowledge_area}`.includes(word)
  return items.filter((one) => holds(one) && (!onlyWeak || isWeak(one)))
}

/** Items as points: difficulty across, discrimination up; items without discrimination are left out. */
export function scatterPoints(items: ItemStatistics[]): { points: ScatterPoint[]; shown: ItemStatistics[] } {
  const shown = items.filter((item) => item.discrimination !== null)
  return { shown, points: shown.map((item) => ({ x: item.difficulty, y: item.discrimination ?? 0, name: itemName(item), isMarked: isWeak(item) })) }
}

/** Read an answer typed for a correction, by the item's type. Undefined: it cannot be read. */
export function readAnswer(type: string, typed: string): Schemas['CorrectedAnswer'] | undefined {
  const text = typed.trim()
  if (type === 'true_false') {
    if (/^(对|正确|√|true|t)$/i.test(text)) return { correct: true }
    return /^(错|错误|×|false|f)$/i.test(text) ? { correct: false } : undefined
  }
  if (type === 'fill_in') return text ? { blanks: text.split(/[；;]/).map((blank) => blank.split(/[|｜]/).map((one) => one.trim())) } : undefined
  const letters = text.toUpperCase().replace(/[^A-Z]/g, '')
  if (!letters || (type === 'single' && letters.length !== 1)) return undefined
  return { choices: [...new Set(letters)].sort() }
}
