/** How much has an answer: for the proctor's board. */
import { summariseHandIn } from '@invigil/exam-core'

import { attempt } from './attempt.ts'
import { sheet } from './saving.ts'

/** Return how many items have an answer; null before the paper is open. */
export function answeredCount(): number | null {
  if (attempt.paper === null) return null
  return summariseHandIn(attempt.paper, sheet.value).answered
}
