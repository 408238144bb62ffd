import { computed, ref } from 'vue'

import { api, take, type Schemas } from '../../api.ts'
import { useLoad } from '../../composables/useLoad.ts'
import { usePolling } from '../../composables/usePolling.ts'

export type Attempt = Schemas['AttemptAnswer']
export type Change = Schemas['ChangeAnswer']
export interface NamedAttempt extends Attempt {
  name: string
  ticket_number: string
  room_number: number | undefined
}

const REFRESH_MS = 5000
const LOOKED_UP_AT_ONCE = 6

/** Attempts and change requests of a sitting, with the names of those who sit. */
export function useAttempts(sittingId: string) {
  const params = { path: { sitting_id: sittingId } }
  const attempts = useLoad(() => take(api.GET('/api/attempts/of-sitting/{sitting_id}', { params })))
  const changes = useLoad(() => take(api.GET('/api/attempts/of-sitting/{sitting_id}/changes', { params })))
  const people = ref(new Map<string, { name: string; ticket_number: string; room_number: number }>())
  const asked = new Set<string>()

  async function lookUp(roomIds: string[]): Promise<void> {
    // A room that cannot be read leaves its people without a name; their seats are shown.
    for (let at = 0; at < roomIds.length; at += LOOKED_UP_AT_ONCE) {
      const rooms = await Promise.allSettled(roomIds.slice(at, at + LOOKED_UP_AT_ONCE).map((room_id) => take(api.GET('/api/rooms/{room_id}', { params: { path: { room_id } } }))))
      for (const room of rooms) {
        if (room.status === 'rejected') continue
        for (const one of room.value.occupants) people.value.set(one.candidate_id, { ...one, room_number: room.value.number })
      }
    }
  }
  const named = computed<NamedAttempt[]>(() => {
    const all = attempts.value.value ?? []
    const fresh = [...new Set(all.map((one) => one.room_id))].filter((id) => id && !asked.has(id))
    fresh.forEach((id) => asked.add(id))
    if (fresh.length) void lookUp(fresh)
    return all.map((one) => {
      const person = people.value.get(one.candidate_id)
      return { ...one, name: person?.name ?? '…', ticket_number: person?.ticket_number ?? '', room_number: person?.room_number }
    })
  })
  async function reload(): Promise<void> {
    await Promise.all([attempts.reload(), changes.reload()])
  }
  usePolling(reload, { everyMs: REFRESH_MS })
  return { attempts, changes, named, reload }
}
