/** Every page of the console: its address, its chunk, who may open it. The server decides again on every request. */
import type { RouteRecordRaw } from 'vue-router'

import type { Role } from '../stores/login.ts'
import type { PageName } from './messages.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Roles that may open the page; empty: everybody who is logged in. */
    roles?: readonly Role[]
    /** The page above in the breadcrumb. */
    above?: PageName
  }
}

const EVERYBODY: readonly Role[] = []
const ADMINISTRATION: readonly Role[] = ['administrator']
const PREPARATION: readonly Role[] = ['administrator', 'board_official', 'auditor']
type Load = NonNullable<RouteRecordRaw['component']>

function page(name: PageName, path: string, roles: readonly Role[], component: Load, above?: PageName): RouteRecordRaw {
  return { path, name, component, meta: { roles, ...(above ? { above } : {}) } }
}

export const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: () => import('../pages/login/LoginPage.vue') },
  {
    path: '/',
    component: () => import('./ConsoleLayout.vue'),
    children: [
      page('dashboard', '', EVERYBODY, () => import('../pages/dashboard/DashboardPage.vue')),
      page('exams', 'exams', EVERYBODY, () => import('../pages/exams/ExamsPage.vue')),
      page('exam', 'exams/:examId', EVERYBODY, () => import('../pages/exams/ExamPage.vue'), 'exams'),
      page('candidates', 'candidates', ['administrator', 'support', 'board_official'], () => import('../pages/candidates/CandidatesPage.vue')),
      page('candidateImport', 'candidates/import', ADMINISTRATION, () => import('../pages/candidates/CandidateImportPage.vue'), 'candidates'),
      page('photoImport', 'candidates/photos', ADMINISTRATION, () => import('../pages/candidates/PhotoImportPage.vue'), 'candidates'),
      page('questions', 'questions', ADMINISTRATION, () => import('../pages/questions/QuestionsPage.vue')),
      page('questionImport', 'questions/import', ADMINISTRATION, () => import('../pages/questions/QuestionImportPage.vue'), 'questions'),
      page('questionDuplicates', 'questions/similar', ADMINISTRATION, () => import('../pages/questions/DuplicatesPage.vue'), 'questions'),
      page('question', 'questions/:questionId', ADMINISTRATION, () => import('../pages/questions/QuestionPage.vue'), 'questions'),
      page('papers', 'papers', PREPARATION, () => import('../pages/papers/PapersPage.vue')),
      page('blueprint', 'papers/blueprints/:blueprintId', ADMINISTRATION, () => import('../pages/papers/BlueprintPage.vue'), 'papers'),
      page('paperSet', 'papers/sets/:paperSetId', PREPARATION, () => import('../pages/papers/PaperSetPage.vue'), 'papers'),
      page('rooms', 'rooms', ['administrator', 'board_official', 'auditor'], () => import('../pages/rooms/RoomsPage.vue')),
      page('live', 'live', ['administrator', 'patrol', 'board_official', 'auditor', 'support', 'operator'], () => import('../pages/live/LivePage.vue')),
      page('wall', 'wall', ['proctor', 'patrol', 'administrator'], () => import('../pages/watch/WallPage.vue')),
      page('patrol', 'patrol', ['patrol', 'administrator', 'board_official', 'support'], () => import('../pages/watch/PatrolPage.vue')),
      page('notes', 'notes', ['administrator', 'proctor', 'patrol', 'reviewer', 'board_official'], () => import('../pages/notes/NotesPage.vue')),
      page('adjustments', 'adjustments', ['administrator', 'proctor', 'patrol', 'board_official', 'support', 'reviewer'], () => import('../pages/adjustments/AdjustmentsPage.vue')),
      page('review', 'review', ['reviewer', 'administrator', 'board_official', 'auditor'], () => import('../pages/review/ReviewPage.vue')),
      page('reviewAttempt', 'review/:attemptId', ['reviewer', 'administrator', 'board_official'], () => import('../pages/review/AttemptPage.vue'), 'review'),
      page('results', 'results', PREPARATION, () => import('../pages/results/ResultsPage.vue')),
      page('exports', 'exports', PREPARATION, () => import('../pages/exports/ExportsPage.vue')),
      page('jobs', 'jobs', EVERYBODY, () => import('../pages/jobs/JobsPage.vue')),
      page('accounts', 'accounts', ['administrator', 'operator', 'auditor', 'support'], () => import('../pages/accounts/AccountsPage.vue')),
      page('audit', 'audit', ['auditor', 'board_official', 'operator'], () => import('../pages/audit/AuditPage.vue')),
      page('declaration', 'declaration', EVERYBODY, () => import('../pages/declaration/DeclarationPage.vue')),
      page('settings', 'settings', EVERYBODY, () => import('../pages/settings/SettingsPage.vue')),
      { path: 'not-allowed', name: 'notAllowed', component: () => import('./NotAllowedPage.vue') },
      { path: ':rest(.*)*', name: 'notFound', component: () => import('./NotFoundPage.vue') },
    ],
  },
]
