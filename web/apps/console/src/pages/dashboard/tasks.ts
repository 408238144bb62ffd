/** What waits for this person today; pure. */
import type { Schemas } from '../../api.ts'
import type { PageName } from '../../app/messages.ts'
import { defineMessages, inLanguage } from '../../language.ts'
import type { Role } from '../../stores/login.ts'

export interface Task {
  key: string
  title: string
  detail: string
  isUrgent: boolean
  to: string | { name: PageName; params?: Record<string, string>; query?: Record<string, string> }
}

export interface TasksInput {
  me: { id: string; roles: readonly Role[] }
  exam?: Schemas['ExamDetail'] | undefined
  checklist?: Schemas['ChecklistItemAnswer'][] | undefined
  plan?: Schemas['PlanAnswer'] | undefined
  paperSets?: Schemas['PaperSetAnswer'][] | undefined
  runs?: Schemas['RunAnswer'][] | undefined
  pendingChanges?: number | undefined
  now: Date
}

const text = defineMessages(
  {
    lock: (title: string) => `确认锁定场次“${title}”`,
    lockDetail: '另一位考务管理员已提出锁定，等您确认',
    papers: (title: string) => `锁定试卷“${title}”`,
    papersDetail: '校对已确认，等另一人锁定',
    proof: (title: string) => `校对试卷“${title}”`,
    proofDetail: '已生成，请翻阅样卷并确认',
    sign: (number: string) => `签署《考场安排确认单》${number}`,
    signDetail: (n: number) => `共 ${n} 人次`,
    release: '批准发布成绩',
    releaseDetail: '另一人已提出发布，等您批准',
    changes: (n: number) => `${n} 项时间调整待批准`,
    changesDetail: '考试进行中，请尽快处理',
    running: (title: string) => `“${title}”正在考核`,
    runningDetail: '查看各考场实时情况',
    grade: (title: string) => `为“${title}”评分`,
    gradeDetail: '场次已结束',
    soon: (title: string) => `“${title}”24 小时内开考`,
  },
  {
    lock: (title: string) => `Confirm the lock of ${title}`,
    lockDetail: 'Proposed by another administrator',
    papers: (title: string) => `Lock the papers ${title}`,
    papersDetail: 'Proofed; another person locks them',
    proof: (title: string) => `Proof the papers ${title}`,
    proofDetail: 'Generated; read the samples and confirm',
    sign: (number: string) => `Sign the confirmation sheet ${number}`,
    signDetail: (n: number) => `${n} persons`,
    release: 'Approve the release of results',
    releaseDetail: 'Proposed by another person',
    changes: (n: number) => `${n} time changes to decide`,
    changesDetail: 'The sitting is running: please be quick',
    running: (title: string) => `${title} is running`,
    runningDetail: 'See the rooms live',
    grade: (title: string) => `Grade ${title}`,
    gradeDetail: 'The sitting is over',
    soon: (title: string) => `${title} starts within 24 hours`,
  },
)

/** Return the tasks, urgent ones first. */
export function computeTasks(input: TasksInput): Task[] {
  const tasks = [...watchTasks(input), ...secondPersonTasks(input), ...preparationTasks(input)]
  return tasks.sort((a, b) => Number(b.isUrgent) - Number(a.isUrgent))
}

function has(input: TasksInput, ...roles: Role[]): boolean {
  return roles.some((role) => input.me.roles.includes(role))
}

function watchTasks(input: TasksInput): Task[] {
  const t = text.value
  const tasks: Task[] = []
  const sittings = input.exam?.sittings ?? []
  if (has(input, 'administrator', 'patrol', 'board_official', 'operator', 'support')) {
    for (const one of sittings.filter((sitting) => sitting.state === 'running')) tasks.push({ key: `running-${one.id}`, title: t.running(one.title), detail: t.runningDetail, isUrgent: true, to: { name: 'live' } })
  }
  if (input.pendingChanges && has(input, 'administrator', 'patrol', 'board_official')) tasks.push({ key: 'changes', title: t.changes(input.pendingChanges), detail: t.changesDetail, isUrgent: true, to: { name: 'adjustments' } })
  if (has(input, 'administrator')) {
    for (const one of sittings.filter((sitting) => sitting.state === 'closed' && sitting.kind === 'real')) tasks.push({ key: `grade-${one.id}`, title: t.grade(one.title), detail: t.gradeDetail, isUrgent: false, to: { name: 'results' } })
  }
  return tasks
}

function secondPersonTasks(input: TasksInput): Task[] {
  const t = text.value
  const { me, exam } = input
  const tasks: Task[] = []
  if (exam && has(input, 'administrator')) {
    const waiting = exam.sittings.filter((one) => one.state === 'draft' && one.lock_proposed_by && one.lock_proposed_by !== me.id)
    for (const one of waiting) tasks.push({ key: `lock-${one.id}`, title: t.lock(one.title), detail: t.lockDetail, isUrgent: false, to: { name: 'exam', params: { examId: exam.id }, query: { tab: 'sittings' } } })
  }
  tasks.push(...paperTasks(input))
  const sheet = input.plan?.confirmations.find((one) => one.state === 'submitted')
  if (sheet && has(input, 'board_official')) tasks.push({ key: 'sign', title: t.sign(sheet.number), detail: t.signDetail(sheet.candidates), isUrgent: true, to: { name: 'rooms', query: { tab: 'confirmation' } } })
  const proposed = input.runs?.some((one) => one.state === 'proposed' && one.proposed_by !== me.id && (!one.needs_board || has(input, 'board_official')))
  if (proposed && has(input, 'administrator', 'board_official')) tasks.push({ key: 'release', title: t.release, detail: t.releaseDetail, isUrgent: false, to: { name: 'results' } })
  return tasks
}

function paperTasks(input: TasksInput): Task[] {
  const t = text.value
  return (input.paperSets ?? []).flatMap((one): Task[] => {
    const to = { name: 'paperSet' as const, params: { paperSetId: one.id } }
    if (one.state === 'generated' && has(input, 'administrator')) return [{ key: `proof-${one.id}`, title: t.proof(one.title), detail: t.proofDetail, isUrgent: false, to }]
    const mayLock = one.proofed_by !== input.me.id && has(input, 'administrator', 'board_official')
    return one.state === 'proofed' && mayLock ? [{ key: `papers-${one.id}`, title: t.papers(one.title), detail: t.papersDetail, isUrgent: false, to }] : []
  })
}

function preparationTasks({ exam, checklist, me, now }: TasksInput): Task[] {
  const isOver = exam?.sittings.length && exam.sittings.every((one) => Date.parse(one.last_deadline) < now.getTime())
  if (!exam || isOver) return []
  const gaps = checklist?.filter((one) => one.state === 'missing' && me.roles.includes(one.who_must_act)) ?? []
  return gaps.map((one) => ({ key: `gap-${one.code}`, title: inLanguage(one.title_zh, one.title_en), detail: inLanguage(one.detail_zh, one.detail_en), isUrgent: false, to: one.link }))
}
