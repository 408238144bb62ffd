/** The opened paper as the page shows it: items in presented order, letters already permuted by the server, no answer key. */

export type ItemType = 'single' | 'multiple' | 'true_false' | 'fill_in'

/** One visual block; blocks of different kinds are shown in separate panels. Source: S3.11 */
export interface Block {
  kind: 'text' | 'picture' | 'audio' | 'video'
  /** text: sanitised by the server, sanitised again by the page; a blank stands as "____". */
  html?: string | null
  /** picture, audio, video: fetched from /api/sit/media/{blob}. */
  blob?: string | null
  media_type?: string | null
  alt?: string
  /** audio, video: how often it may be played, at least 1; absent or null means without limit. */
  play_limit?: number | null
}

/** One choice; `key` is the presented letter, A to at most Z. */
export interface Option {
  key: string
  blocks: Block[]
}

/** One answerable unit. */
export interface Item {
  /** "i1" to "iN" in presented order. */
  id: string
  type: ItemType
  /** Points as text in half points, e.g. "2.5". */
  points?: string
  blocks: Block[]
  /** single, multiple: at least two. */
  options: Option[]
  /** fill_in: how many blanks, at least one; otherwise 0. */
  blank_count: number
}

/** Items that belong under one shared text; a plain question is a group of one without a case. */
export interface ItemGroup {
  case: Block[] | null
  items: Item[]
}

export interface Section {
  title: string
  note: string
  groups: ItemGroup[]
}

export interface Paper {
  v: 1
  paper_id: string
  title: string
  sections: Section[]
}

/** Where an item stands in the paper. `number` counts from 1 over the whole paper. */
export interface PlacedItem {
  item: Item
  number: number
  section: number
  group: ItemGroup
}

/** The opened bytes are not a paper this page understands. */
export class PaperFormatError extends Error {
  override name = 'PaperFormatError'
}

/** Return all items in presented order. */
export function placeItems(paper: Paper): PlacedItem[] {
  const placed: PlacedItem[] = []
  paper.sections.forEach((section, index) => {
    for (const group of section.groups) {
      for (const item of group.items) placed.push({ item, number: placed.length + 1, section: index, group })
    }
  })
  return placed
}

/** Return every media id of the paper, each once, in presented order, so the page can fetch them before they are needed. */
export function listMedia(paper: Paper): string[] {
  const ids = new Set<string>()
  for (const { item, group } of placeItems(paper)) {
    const blocks = [...(group.case ?? []), ...item.blocks, ...item.options.flatMap((option) => option.blocks)]
    for (const block of blocks) if (block.blob) ids.add(block.blob)
  }
  return [...ids]
}

/** Return the paper in `value`, refusing what cannot be answered. Throws PaperFormatError. */
export function readPaper(value: unknown): Paper {
  const paper = value as Partial<Paper> | null
  if (paper?.v !== 1 || !Array.isArray(paper.sections)) throw new PaperFormatError('not a paper of version 1')
  const sections = paper.sections.map(readSection)
  const read: Paper = { v: 1, paper_id: paper.paper_id ?? '', title: paper.title ?? '', sections }
  const ids = placeItems(read).map(({ item }) => item.id)
  if (ids.length === 0) throw new PaperFormatError('the paper has no item')
  if (new Set(ids).size !== ids.length) throw new PaperFormatError('two items have one id')
  return read
}

function readSection(section: Partial<Section>): Section {
  return { title: section.title ?? '', note: section.note ?? '', groups: (section.groups ?? []).map(readGroup) }
}

function readGroup(group: Partial<ItemGroup>): ItemGroup {
  return { case: group.case ?? null, items: (group.items ?? []).map(readItem) }
}

function readItem(item: Partial<Item>): Item {
  if (!item.id || !item.type) throw new PaperFormatError('an item lacks its id or type')
  const options = item.options ?? []
  if ((item.type === 'single' || item.type === 'multiple') && options.length < 2) {
    throw new PaperFormatError(`${item.id} has fewer than two options`)
  }
  const blankCount = item.type === 'fill_in' ? Math.max(1, item.blank_count ?? 1) : 0
  const read: Item = { id: item.id, type: item.type, blocks: item.blocks ?? [], options, blank_count: blankCount }
  if (item.points !== undefined) read.points = item.points
  return read
}
