import { ElMessage } from 'element-plus'

import { askReason, type ReasonQuestion } from '../dialogs.ts'
import { showFault } from './useAction.ts'

/** Ask why, act, say that it is done; nothing happens when the person steps back. Returns whether it was done. */
export async function actWithReason(question: ReasonQuestion, act: (reason: string) => Promise<unknown>, done?: string): Promise<boolean> {
  const reason = await askReason(question)
  if (reason === undefined) return false
  try {
    await act(reason)
    if (done) ElMessage.success(done)
    return true
  } catch (fault) {
    showFault(fault)
    return false
  }
}
