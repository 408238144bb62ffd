/** How the phone's track stands, as the server tells this page. */
import type { TrackState } from '@invigil/media'
import { shallowRef } from 'vue'

export const phoneTrack = shallowRef<TrackState>('off')
