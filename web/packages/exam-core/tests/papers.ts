/** A small paper with one item of each type. */
import type { Item, Paper } from '../src/index.ts'

const text = (html: string) => [{ kind: 'text' as const, html }]
const options = ['A', 'B', 'C', 'D'].map((key) => ({ key, blocks: text(key) }))

export const singleItem: Item = { id: 'i1', type: 'single', blocks: text('一'), options, blank_count: 0 }
export const multipleItem: Item = { id: 'i2', type: 'multiple', blocks: [...text('二'), { kind: 'picture', blob: 'media_1' }], options, blank_count: 0 }
export const fillInItem: Item = { id: 'i3', type: 'fill_in', blocks: text('三'), options: [], blank_count: 2 }
export const truthItem: Item = { id: 'i4', type: 'true_false', blocks: text('四'), options: [], blank_count: 0 }

export const paper: Paper = {
  v: 1,
  paper_id: 'paper_1',
  title: '样卷',
  sections: [
    { title: '选择题', note: '', groups: [{ case: null, items: [singleItem] }, { case: null, items: [multipleItem] }] },
    { title: '案例题', note: '', groups: [{ case: [{ kind: 'picture', blob: 'media_1' }], items: [fillInItem, truthItem] }] },
  ],
}
