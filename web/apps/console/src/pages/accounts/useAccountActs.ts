import { ElMessage } from 'element-plus'

import { api, take, type Schemas } from '../../api.ts'
import { actWithReason } from '../../composables/askedAct.ts'
import type { ReasonQuestion } from '../../dialogs.ts'
import { text } from './messages.ts'

type Account = Schemas['StaffAnswer']

/** What can be done to another person's account; each act asks why. */
export function useAccountActs(reload: () => Promise<void>) {
  async function withReason(question: ReasonQuestion, act: (reason: string) => Promise<string>): Promise<void> {
    let said = ''
    const isDone = await actWithReason(question, async (reason) => (said = await act(reason)))
    if (!isDone) return
    ElMessage.success(said)
    await reload()
  }

  const unlock = (account: Account) =>
    withReason(
      { title: text.value.unlockTitle(account.display_name), hint: text.value.unlockHint, reasons: text.value.reasonsUnlock, confirm: text.value.unlock },
      async (reason) => {
        await take(api.POST('/api/staff/accounts/{staff_id}/unlock', { params: { path: { staff_id: account.id } }, body: { reason } }))
        return text.value.unlocked
      },
    )

  const resetTotp = (account: Account) =>
    withReason({ title: text.value.resetTotp, hint: text.value.resetTotpHint, reasons: text.value.reasonsUnlock.slice(0, 1), isGrave: true }, async (reason) => {
      await take(api.POST('/api/staff/accounts/{staff_id}/totp-reset', { params: { path: { staff_id: account.id } }, body: { reason } }))
      return text.value.resetTotpDone
    })

  const revoke = (account: Account) =>
    withReason({ title: text.value.revoke, hint: text.value.revokeHint, reasons: text.value.reasonsRevoke, isGrave: true }, async (reason) => {
      const { ended } = await take(api.POST('/api/staff/accounts/{staff_id}/revocations', { params: { path: { staff_id: account.id } }, body: { reason } }))
      return text.value.revoked(ended)
    })

  return { unlock, resetTotp, revoke }
}
