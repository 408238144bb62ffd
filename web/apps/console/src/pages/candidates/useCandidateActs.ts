import { ref } from 'vue'

import { api, downloadByPost, take, type Schemas } from '../../api.ts'
import { actWithReason } from '../../composables/askedAct.ts'
import { showFault } from '../../composables/useAction.ts'
import { text } from './messages.ts'
import { fetchTicketSheet } from './useTicketSheet.ts'

type Candidate = Schemas['CandidateAnswer']
export type ProtectedField = 'identity_number' | 'phone'

/** Whoever is meant; more than the id is not needed. */
type Known = Pick<Candidate, 'id'>

const path = (one: Known) => ({ params: { path: { candidate_id: one.id } } })

/** What staff look up for one candidate: protected fields and one-time codes, each with a reason. */
export function useCandidateSecrets() {
  const shown = ref<Partial<Record<ProtectedField, string>>>({})
  const code = ref<Schemas['OneTimeCode']>()

  const unmask = (one: Known, field: ProtectedField) => {
    const name = field === 'phone' ? text.value.phone : text.value.identity
    return actWithReason({ title: text.value.showTitle(name), hint: text.value.showHint, reasons: text.value.showReasons }, async (reason) => {
      const answer = await take(api.POST('/api/candidates/{candidate_id}/unmask', { ...path(one), body: { field, reason } }))
      shown.value = { ...shown.value, [field]: answer.value }
    })
  }

  const issueCode = (one: Known) =>
    actWithReason({ title: text.value.code, hint: text.value.codeHint, reasons: text.value.codeReasons }, async (reason) => {
      code.value = await take(api.POST('/api/staff/candidates/{candidate_id}/code', { ...path(one), body: { reason } }))
    })

  function forget(): void {
    shown.value = {}
    code.value = undefined
  }
  return { shown, code, unmask, issueCode, forget }
}

/** What staff change for one candidate. onChanged: called after each change. */
export function useCandidateActs(onChanged: () => unknown) {
  const unlock = (one: Known) =>
    actWithReason(
      { title: text.value.unlock, hint: text.value.unlockHint, reasons: text.value.codeReasons },
      (reason) => take(api.POST('/api/staff/candidates/{candidate_id}/unlock', { ...path(one), body: { reason } })),
      text.value.unlocked,
    )

  async function withdraw(one: Candidate): Promise<void> {
    const question = { title: text.value.withdraw, hint: text.value.withdrawHint, reasons: text.value.withdrawReasons, isGrave: true }
    const act = (reason: string) => take(api.POST('/api/candidates/{candidate_id}/withdrawal', { ...path(one), body: { reason } }))
    if (await actWithReason(question, act, text.value.withdrawDone)) await onChanged()
  }

  async function reinstate(one: Candidate): Promise<void> {
    const act = (reason: string) => take(api.POST('/api/candidates/{candidate_id}/reinstatement', { ...path(one), body: { reason } }))
    if (await actWithReason({ title: text.value.reinstate }, act, text.value.reinstateDone)) await onChanged()
  }

  async function printTicket(one: Candidate): Promise<void> {
    try {
      const sheet = await fetchTicketSheet(one.exam_id, text.value.notesDefault)
      await downloadByPost(`/api/candidates/${one.id}/ticket`, `${one.ticket_number}.pdf`, sheet)
    } catch (fault) {
      showFault(fault)
    }
  }
  return { unlock, withdraw, reinstate, printTicket }
}
