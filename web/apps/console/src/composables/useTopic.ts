import type { BoardState, RefusedMessage } from '@invigil/protocol'
import { computed, onScopeDispose, watch, type ComputedRef } from 'vue'

import { useStaffSocket } from '../stores/staff-socket.ts'

export interface UseTopicReturn<S extends BoardState> {
  /** As it is now; undefined until the first snapshot. */
  board: ComputedRef<S | undefined>
  refusal: ComputedRef<RefusedMessage | undefined>
}

/** Follow a topic for as long as the component lives. topic: may change; "" follows nothing. */
export function useTopic<S extends BoardState>(topic: () => string): UseTopicReturn<S> {
  const socket = useStaffSocket()
  let stop: (() => void) | undefined
  watch(
    topic,
    (name) => {
      stop?.()
      stop = name ? socket.watchTopic(name) : undefined
    },
    { immediate: true },
  )
  onScopeDispose(() => stop?.())
  return {
    board: computed(() => socket.topics.get(topic())?.state as S | undefined),
    refusal: computed(() => socket.refused.get(topic())),
  }
}
