import type { Schemas } from '../../api.ts'
import { defineMessages } from '../../language.ts'

export type Counts = Schemas['Counts']
export const STATES = ['not_started', 'logged_in', 'waiting', 'in_exam', 'offline', 'paused', 'handed_in', 'absent', 'terminated'] as const
export type SeatState = (typeof STATES)[number]

export const COLOURS: Record<SeatState, string> = {
  not_started: '#cfd8e2',
  logged_in: '#9fbcd6',
  waiting: '#6f9fc8',
  in_exam: '#17426b',
  offline: '#c8541b',
  paused: '#b98a3c',
  handed_in: '#1d6b47',
  absent: '#8496a9',
  terminated: '#a92a1d',
}

export const text = defineMessages(
  {
    hint: '开放和进行中的场次，数字自动刷新。',
    none: '现在没有开放或进行中的场次',
    noneHint: '场次开放后，这里显示登录、待考、考核中、交卷、缺考的人数和各考场的情况。',
    states: { not_started: '未开始', logged_in: '已登录', waiting: '待考', in_exam: '考核中', offline: '断线', paused: '暂停', handed_in: '已交卷', absent: '缺考', terminated: '违纪终止' } satisfies Record<SeatState, string>,
    seated: '应考',
    opened: '已登录过',
    entered: '已进入',
    left: '距结束',
    before: '距开考',
    over: '已到结束时间',
    taken: (at: string) => `${at} 的数据，每 5 秒刷新`,
    stale: '暂时没能刷新，正在重试；显示的是上一次的数据。',
    bySubject: '按科目',
    room: (n: number) => `${n} 号考场`,
    rooms: '各考场',
    seats: '座位',
    lastSeen: '最后在线',
    entered_at: '进入',
    ended_at: '结束',
    legend: '图例',
  },
  {
    hint: 'Sittings that are open or running; the figures refresh by themselves.',
    none: 'No sitting is open or running',
    noneHint: 'Once a sitting opens, this page shows who has logged in, waits, sits, handed in or is absent, by room.',
    states: { not_started: 'Not started', logged_in: 'Logged in', waiting: 'Waiting', in_exam: 'In exam', offline: 'Offline', paused: 'Paused', handed_in: 'Handed in', absent: 'Absent', terminated: 'Terminated' },
    seated: 'Due',
    opened: 'Logged in once',
    entered: 'Entered',
    left: 'Time left',
    before: 'Starts in',
    over: 'Time is over',
    taken: (at: string) => `As of ${at}, every 5 s`,
    stale: 'Not refreshed; trying again. These are the last figures.',
    bySubject: 'By subject',
    room: (n: number) => `Room ${n}`,
    rooms: 'Rooms',
    seats: 'Seats',
    lastSeen: 'Last seen',
    entered_at: 'Entered',
    ended_at: 'Ended',
    legend: 'Legend',
  },
)
