import {
  Aim,
  Calendar,
  Collection,
  DataAnalysis,
  Document,
  Download,
  EditPen,
  Grid,
  HomeFilled,
  List,
  Medal,
  Monitor,
  Notebook,
  Setting,
  Timer,
  User,
  UserFilled,
  VideoPlay,
  View,
} from '@element-plus/icons-vue'
import { computed, type Component } from 'vue'
import { useRouter } from 'vue-router'

import { useLogin } from '../stores/login.ts'
import type { shell} from './messages.ts';
import { type PageName } from './messages.ts'

export interface MenuItem {
  name: PageName
  icon: Component
}

type GroupName = keyof typeof shell.value.groups

export const MENU: { group?: GroupName; items: MenuItem[] }[] = [
  { items: [{ name: 'dashboard', icon: HomeFilled }] },
  {
    group: 'prepare',
    items: [
      { name: 'exams', icon: Calendar },
      { name: 'candidates', icon: User },
      { name: 'questions', icon: Collection },
      { name: 'papers', icon: Document },
      { name: 'rooms', icon: Grid },
    ],
  },
  {
    group: 'watch',
    items: [
      { name: 'wall', icon: Monitor },
      { name: 'patrol', icon: View },
      { name: 'live', icon: DataAnalysis },
      { name: 'notes', icon: Notebook },
      { name: 'adjustments', icon: Timer },
    ],
  },
  {
    group: 'judge',
    items: [
      { name: 'review', icon: VideoPlay },
      { name: 'results', icon: Medal },
      { name: 'exports', icon: Download },
    ],
  },
  {
    group: 'system',
    items: [
      { name: 'jobs', icon: List },
      { name: 'accounts', icon: UserFilled },
      { name: 'audit', icon: Aim },
      { name: 'declaration', icon: EditPen },
      { name: 'settings', icon: Setting },
    ],
  },
]


/** The menu as this person may use it. */
export function useMenu() {
  const router = useRouter()
  const login = useLogin()
  function mayOpen(item: MenuItem): boolean {
    const record = router.getRoutes().find((route) => route.name === item.name)
    return record !== undefined && login.holds(record.meta.roles ?? [])
  }
  return computed(() =>
    MENU.map((group) => ({ ...group, items: group.items.filter(mayOpen) })).filter((group) => group.items.length > 0),
  )
}
