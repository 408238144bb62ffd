/** Which manual belongs to whom. The manuals are plain pages beside the console. */
import type { Schemas } from '../api.ts'

type Role = Schemas['Role']

const OF_ROLE: Record<Role, string> = {
  administrator: 'administrator.html',
  proctor: 'proctor.html',
  patrol: 'proctor.html',
  reviewer: 'reviewer.html',
  support: 'support.html',
  board_official: 'board.html',
  auditor: 'index.html',
  operator: 'runbooks/index.html',
}

/** The address of the manual for somebody with these roles: their own, or the list of all when they have several. */
export function manualFor(roles: readonly Role[]): string {
  const wanted = new Set(roles.map((role) => OF_ROLE[role]))
  return `/manuals/${wanted.size === 1 ? [...wanted][0] : 'index.html'}`
}
