/** Pages with unsaved work are asked before they are left: by a link, and before logging out, when nothing could be saved any more. */
import { onScopeDispose } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'

type Question = () => boolean | Promise<boolean>

const questions = new Set<Question>()
let isAnswered = false

/** Ask this before the page is left; false keeps the person there. For the set-up of a page. */
export function askBeforeLeaving(question: Question): void {
  questions.add(question)
  onScopeDispose(() => questions.delete(question))
  onBeforeRouteLeave(() => isAnswered || question())
}

/** Leave the page for good once it agrees: `leave` is not asked about again. Return whether it was left. */
export async function leaveIfAgreed(leave: () => Promise<unknown>): Promise<boolean> {
  for (const question of questions) if (!(await question())) return false
  isAnswered = true
  try {
    await leave()
  } finally {
    isAnswered = false
  }
  return true
}
