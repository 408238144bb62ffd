/** What an examination still lacks before it can be held, and who must act; pure. */
import type { Schemas } from '../../api.ts'
import type { PageName } from '../../app/messages.ts'
import { defineMessages, inLanguage } from '../../language.ts'
import type { Role } from '../../stores/login.ts'

export type ItemState = 'done' | 'open' | 'warning'

export interface ChecklistItem {
  key: string
  state: ItemState
  title: string
  /** What exactly is missing, or how it stands. */
  detail: string
  /** Who acts. */
  roles: Role[]
  /** Where to act: a tab of the examination or a page. */
  tab?: string
  page?: PageName
}

export interface ChecklistInput {
  exam: Schemas['ExamDetail']
  candidates?: Schemas['SummaryAnswer'] | undefined
  /** Paper sets by id with their state, where known. */
  now: Date
}

export const words = defineMessages(
  {
    agreement: '登记《考核承办协议》',
    agreementOpen: '尚未登记，场次不能开放',
    subjects: '设置科目',
    subjectsOpen: '还没有科目',
    candidates: '导入考生',
    candidatesOpen: '还没有考生',
    candidatesDone: (n: number) => `已有 ${n} 名考生`,
    candidatesMissing: (codes: string) => `这些科目还没有考生：${codes}`,
    photos: '导入照片',
    photosOpen: (n: number) => `还有 ${n} 名考生没有照片`,
    photosDone: '照片齐全',
    papers: '选定并锁定试卷',
    papersOpen: (codes: string) => `这些科目还没有选定试卷：${codes}`,
    papersDone: '各科目试卷已选定',
    mockPapers: '选定模拟试卷',
    real: '安排正式场次',
    realOpen: '还没有正式场次',
    realMissing: (codes: string) => `这些科目还没有场次：${codes}`,
    mock: '安排模拟时段',
    mockOpen: '本考试要求先通过模拟，但还没有模拟时段',
    mockLate: '模拟时段都在正式场次之后',
    locked: '锁定场次（两人）',
    lockedOpen: (titles: string) => `尚未锁定：${titles}`,
    opened: '开放场次',
    openedOpen: (titles: string) => `尚未开放：${titles}`,
    rooms: '编排考场并签署确认单',
    roomsHint: '按 1:30 编排，甲方签署《考场安排确认单》',
    past: (titles: string) => `开考时间已过仍未开放：${titles}`,
    done: '已完成',
  },
  {
    agreement: 'Register the agreement',
    agreementOpen: 'Not registered; no sitting can open',
    subjects: 'Set the subjects',
    subjectsOpen: 'No subjects yet',
    candidates: 'Import candidates',
    candidatesOpen: 'No candidates yet',
    candidatesDone: (n: number) => `${n} candidates`,
    candidatesMissing: (codes: string) => `No candidates for: ${codes}`,
    photos: 'Import photos',
    photosOpen: (n: number) => `${n} candidates have no photo`,
    photosDone: 'Every candidate has a photo',
    papers: 'Choose locked papers',
    papersOpen: (codes: string) => `No papers chosen for: ${codes}`,
    papersDone: 'Papers are chosen for every subject',
    mockPapers: 'Choose mock papers',
    real: 'Plan the sittings',
    realOpen: 'No sitting yet',
    realMissing: (codes: string) => `No sitting for: ${codes}`,
    mock: 'Plan mock slots',
    mockOpen: 'The mock is required, but there is no slot',
    mockLate: 'All mock slots come after the sittings',
    locked: 'Lock the sittings (two persons)',
    lockedOpen: (titles: string) => `Not locked: ${titles}`,
    opened: 'Open the sittings',
    openedOpen: (titles: string) => `Not open yet: ${titles}`,
    rooms: 'Arrange rooms, sign the sheet',
    roomsHint: 'At 1:30; the board signs the confirmation sheet',
    past: (titles: string) => `Start has passed without opening: ${titles}`,
    done: 'Done',
  },
)

const ADMINISTRATOR: Role[] = ['administrator']
const list = (names: string[]) => names.join(inLanguage('、', ', '))

/** Return the items in the order in which they are done. */
export function computeChecklist(input: ChecklistInput): ChecklistItem[] {
  return [...preparationItems(input), ...candidateItems(input), ...sittingItems(input)]
}

function item(key: keyof typeof words.value, missing: string, where: Partial<ChecklistItem>, done = words.value.done): ChecklistItem {
  const title = words.value[key]
  return { key, title: typeof title === 'string' ? title : key, state: missing ? 'open' : 'done', detail: missing || done, roles: ADMINISTRATOR, ...where }
}

function preparationItems({ exam }: ChecklistInput): ChecklistItem[] {
  const w = words.value
  const without = exam.subjects.filter((one) => !one.paper_set_id).map((one) => one.code)
  const withoutMock = exam.subjects.filter((one) => !one.mock_paper_set_id).map((one) => one.code)
  const items = [
    item('agreement', exam.agreement ? '' : w.agreementOpen, { tab: 'agreement' }),
    item('subjects', exam.subjects.length ? '' : w.subjectsOpen, { tab: 'subjects' }),
    item('papers', without.length ? w.papersOpen(list(without)) : '', { tab: 'subjects' }, w.papersDone),
  ]
  if (exam.is_mock_required) items.push(item('mockPapers', withoutMock.length ? w.papersOpen(list(withoutMock)) : '', { tab: 'subjects' }, w.papersDone))
  return items
}

function candidateItems({ exam, candidates }: ChecklistInput): ChecklistItem[] {
  if (!candidates) return []
  const w = words.value
  const present = new Set(candidates.subjects.filter((one) => one.candidates > 0).map((one) => one.subject_code))
  const missing = exam.subjects.map((one) => one.code).filter((code) => !present.has(code))
  const lack = candidates.total === 0 ? w.candidatesOpen : missing.length ? w.candidatesMissing(list(missing)) : ''
  const items = [item('candidates', lack, { page: 'candidates' }, w.candidatesDone(candidates.total))]
  if (candidates.total > 0) items.push(item('photos', candidates.without_photo ? w.photosOpen(candidates.without_photo) : '', { page: 'photoImport' }, w.photosDone))
  if (candidates.total > 0 && missing.length) items[0] = { ...(items[0] as ChecklistItem), state: 'warning' }
  return items
}

function sittingItems({ exam, now }: ChecklistInput): ChecklistItem[] {
  const w = words.value
  const real = exam.sittings.filter((one) => one.kind === 'real')
  const planned = new Set(real.flatMap((one) => one.subject_codes))
  const missing = exam.subjects.map((one) => one.code).filter((code) => !planned.has(code))
  const items = [item('real', real.length === 0 ? w.realOpen : missing.length ? w.realMissing(list(missing)) : '', { tab: 'sittings' })]
  if (exam.is_mock_required) items.push(item('mock', mockLack(exam), { tab: 'mock' }))
  if (exam.sittings.length === 0) return items
  const titles = (state: string) => list(exam.sittings.filter((one) => one.state === state).map((one) => one.title))
  items.push(item('locked', titles('draft') && w.lockedOpen(titles('draft')), { tab: 'sittings' }))
  items.push(item('rooms', '', { page: 'rooms', roles: ['administrator', 'board_official'], state: real.some((one) => ['draft', 'locked'].includes(one.state)) ? 'warning' : 'done' }, w.roomsHint))
  items.push(item('opened', openLack(exam, now), { tab: 'sittings' }))
  return items
}

function mockLack(exam: Schemas['ExamDetail']): string {
  const starts = (kind: string) => exam.sittings.filter((one) => one.kind === kind).map((one) => Date.parse(one.starts_at))
  const [mocks, reals] = [starts('mock'), starts('real')]
  if (mocks.length === 0) return words.value.mockOpen
  return reals.length && Math.min(...mocks) > Math.min(...reals) ? words.value.mockLate : ''
}

function openLack(exam: Schemas['ExamDetail'], now: Date): string {
  const waiting = exam.sittings.filter((one) => one.state === 'locked' || one.state === 'draft')
  const late = waiting.filter((one) => Date.parse(one.starts_at) < now.getTime())
  if (late.length) return words.value.past(list(late.map((one) => one.title)))
  return waiting.length ? words.value.openedOpen(list(waiting.map((one) => one.title))) : ''
}
