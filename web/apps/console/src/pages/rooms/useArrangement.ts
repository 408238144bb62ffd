import { computed, ref } from 'vue'

import { api, take, type Schemas } from '../../api.ts'
import { useAction } from '../../composables/useAction.ts'
import { useFollowedJob } from '../../composables/useFollowedJob.ts'
import { useLoad } from '../../composables/useLoad.ts'
import { text } from './messages.ts'

export type Room = Schemas['RoomAnswer']
/** Somebody who can be moved: an occupant or one who sits nowhere. */
export interface Movable {
  candidate_id: string
  name: string
  ticket_number: string
  employer: string
  /** Known of those who sit nowhere; occupants have their room's. */
  subject_code?: string
}

export const UNSEATED = 'unseated'
export const MOST_SEATS = 30
const PAGE = 200

async function fetchAllRooms(sittingId: string): Promise<Room[]> {
  const rooms: Room[] = []
  for (let page = 1; ; page += 1) {
    const found = await take(api.GET('/api/sittings/{sitting_id}/rooms', { params: { path: { sitting_id: sittingId }, query: { page, page_size: PAGE } } }))
    rooms.push(...found.items)
    if (rooms.length >= found.total || found.items.length === 0) return rooms
  }
}

/** The arrangement of one sitting: its rooms, the room that is open, and moves between rooms. */
export function useArrangement(sittingId: string) {
  const params = { path: { sitting_id: sittingId } }
  const summary = useLoad(() => take(api.GET('/api/sittings/{sitting_id}/arrangement', { params })))
  const rooms = useLoad(() => fetchAllRooms(sittingId))
  const openId = ref('')
  const open = useLoad(async () => (openId.value && openId.value !== UNSEATED ? take(api.GET('/api/rooms/{room_id}', { params: { path: { room_id: openId.value } } })) : undefined), openId)
  const unseated = useLoad(
    async () => (openId.value === UNSEATED ? (await take(api.GET('/api/sittings/{sitting_id}/unseated', { params: { ...params, query: { page_size: PAGE } } }))).items : []),
    openId,
  )
  const version = computed(() => summary.value.value?.version ?? 0)
  const isEditable = computed(() => summary.value.value?.plan_state === 'editable')

  async function reload(): Promise<void> {
    await Promise.all([summary.reload(), rooms.reload(), open.reload(), unseated.reload()])
  }
  const job = useFollowedJob(reload)
  const started = { then: (left: Schemas['StartedJob']) => job.follow(left.job_id) }
  const arrange = useAction((spreads: boolean) => take(api.POST('/api/sittings/{sitting_id}/arrangement', { params, body: { version: version.value, spreads_employers: spreads, seed: '' } })), { ...started, done: text.value.arranging })
  const assign = useAction(() => take(api.POST('/api/sittings/{sitting_id}/proctor-assignment', { params, body: { version: version.value } })), { ...started, done: text.value.assigning })
  const move = useAction(
    (candidateId: string, roomId: string) => take(api.POST('/api/sittings/{sitting_id}/moves', { params, body: { candidate_id: candidateId, room_id: roomId, version: version.value } })),
    { done: text.value.moved, then: reload },
  )
  const swap = useAction(
    (candidateId: string, otherId: string) => take(api.POST('/api/sittings/{sitting_id}/swaps', { params, body: { candidate_id: candidateId, other_candidate_id: otherId, version: version.value } })),
    { done: text.value.swapped, then: reload },
  )
  const swapProctors = useAction(
    (roomId: string, otherId: string) => take(api.POST('/api/sittings/{sitting_id}/proctor-swaps', { params, body: { room_id: roomId, other_room_id: otherId, version: version.value } })),
    { done: text.value.swapped, then: reload },
  )
  const unseat = useAction((candidateId: string) => take(api.POST('/api/sittings/{sitting_id}/unseatings', { params, body: { candidate_id: candidateId, version: version.value } })), { done: text.value.moved, then: reload })
  const setProctors = useAction(
    (roomId: string, staffIds: string[]) => take(api.PUT('/api/rooms/{room_id}/proctors', { params: { path: { room_id: roomId } }, body: { staff_ids: staffIds, version: version.value } })),
    { done: text.value.moved, then: reload },
  )
  return { summary, rooms, openId, open, unseated, isEditable, job, arrange, assign, move, swap, swapProctors, unseat, setProctors, reload }
}
