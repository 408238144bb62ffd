/** What the question palette shows and what the hand-in page counts. */
import { placeItems, type Paper, type PlacedItem } from './paper.ts'
import { isAnswered, type AnswerSheet } from './sheet.ts'

export interface PaletteCell {
  item: string
  number: number
  isAnswered: boolean
  isFlagged: boolean
  isCurrent: boolean
}

export interface PaletteSection {
  title: string
  cells: PaletteCell[]
  answered: number
}

/** What stands before the candidate who is about to hand in. Numbers count from 1. */
export interface HandInSummary {
  total: number
  answered: number
  unanswered: number[]
  flagged: number[]
}

export function computePalette(paper: Paper, sheet: AnswerSheet, current: string): PaletteSection[] {
  const sections = paper.sections.map((section): PaletteSection => ({ title: section.title, cells: [], answered: 0 }))
  for (const placed of placeItems(paper)) {
    const section = sections[placed.section]
    if (section === undefined) continue
    const cell = cellOf(placed, sheet, current)
    section.cells.push(cell)
    if (cell.isAnswered) section.answered += 1
  }
  return sections
}

export function summariseHandIn(paper: Paper, sheet: AnswerSheet): HandInSummary {
  const items = placeItems(paper)
  const unanswered = items.filter(({ item }) => !isAnswered(sheet, item)).map(({ number }) => number)
  const flagged = items.filter(({ item }) => sheet.flags.includes(item.id)).map(({ number }) => number)
  return { total: items.length, answered: items.length - unanswered.length, unanswered, flagged }
}

function cellOf(placed: PlacedItem, sheet: AnswerSheet, current: string): PaletteCell {
  return {
    item: placed.item.id,
    number: placed.number,
    isAnswered: isAnswered(sheet, placed.item),
    isFlagged: sheet.flags.includes(placed.item.id),
    isCurrent: placed.item.id === current,
  }
}
