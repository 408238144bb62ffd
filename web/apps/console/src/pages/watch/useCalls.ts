import type { ClaimedThing, SeatView } from '@invigil/protocol'

import { api, take } from '../../api.ts'
import { useAction } from '../../composables/useAction.ts'
import { askConfirm } from '../../dialogs.ts'
import { useLogin } from '../../stores/login.ts'
import { act } from './words.ts'

/** Who looks after the calls and signals of a seat, so that two proctors do not do the same. */
export function useClaims(seat: () => SeatView) {
  const login = useLogin()
  const claimOf = (thing: ClaimedThing, id: string) => seat().claims.find((one) => one.thing === thing && one.thing_id === id)
  const isMine = (thing: ClaimedThing, id: string): boolean => claimOf(thing, id)?.staff_id === login.me?.id
  const taking = useAction((thing: ClaimedThing, thing_id: string, takes_over: boolean) => take(api.POST('/api/proctoring/claims', { body: { thing, thing_id, takes_over } })))
  const letting = useAction((thing: ClaimedThing, thing_id: string) => take(api.POST('/api/proctoring/claims/release', { body: { thing, thing_id } })))

  /** Look after it; a colleague who does so already is named first. */
  async function claim(thing: ClaimedThing, id: string): Promise<void> {
    const other = claimOf(thing, id)
    if (other && !(await askConfirm({ title: act.value.takeOverTitle(other.name), confirm: act.value.takeOver }))) return
    await taking.run(thing, id, other !== undefined)
  }
  return { claimOf, isMine, claim, release: letting.run }
}

/** Answer a raised hand. */
export function useCalls() {
  return useAction((call_id: string) => take(api.POST('/api/proctoring/calls/{call_id}/answer', { params: { path: { call_id } } })))
}
