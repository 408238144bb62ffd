/** How the phone's track stands, as the server tells this page; the candidate looks here, not at the phone. Source: S3.3 */
import type { PhoneTrackMessage } from '@invigil/protocol'
import { computed, shallowRef, type ComputedRef } from 'vue'

/** null: the server has not said. */
export const phoneTrack = shallowRef<PhoneTrackMessage | null>(null)

/** lost: it recorded, and is not heard any more; what it records it keeps. */
export type PhoneLight = 'off' | 'starting' | 'live' | 'stopped' | 'lost'

export const phoneLight: ComputedRef<PhoneLight> = computed(() => {
  const track = phoneTrack.value
  if (track === null || track.state === 'off') return 'off'
  return track.is_linked || track.state === 'stopped' ? track.state : 'lost'
})
