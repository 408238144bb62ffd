/** Get a stopped track going again: the camera by itself, the screen by the candidate's click. */
import type { CaptureFault } from '@invigil/media'
import { onScopeDispose, shallowReactive, watch } from 'vue'

import { acquireCamera, acquireScreen } from '../checkin/streams.ts'
import { attempt } from './attempt.ts'
import { recording, stoppedTracks, type OwnTrack } from './recording.ts'

/** fault: why the last try of the candidate's brought nothing. */
export const recovery = shallowReactive<{ busy: OwnTrack | null; fault: CaptureFault | null }>({ busy: null, fault: null })

const TRY_EVERY_MS = 5_000
/** Muted comes back by itself; a full disk and a failed encoder are tried again by the recorder. */
const BY_ITSELF = new Set(['muted', 'quota', 'offline_over_quota', 'encoder_failed'])

/** Return whether a new stream would help this track. */
export function needsStream(stopped: { cause: string | null }): boolean {
  return !BY_ITSELF.has(stopped.cause ?? '')
}

/** Ask the browser again; call it from a click. */
export async function recover(track: OwnTrack): Promise<void> {
  Object.assign(recovery, { busy: track, fault: null })
  try {
    await (track === 'screen' ? acquireScreen() : acquireCamera())
  } catch (fault) {
    recovery.fault = (fault as { fault?: CaptureFault }).fault ?? 'unsupported'
  } finally {
    recovery.busy = null
  }
}

/** Reopen the camera without asking, as long as the browser still allows it and the calling component lives. */
export function useSilentRecovery(): void {
  let isTrying = false
  const isWanted = (): boolean => {
    const camera = stoppedTracks.value.find(({ track }) => track === 'camera')
    return camera !== undefined && recording.value !== null && attempt.phase !== 'waiting' && needsStream(camera)
  }
  async function look(): Promise<void> {
    if (isTrying || !isWanted()) return
    isTrying = true
    try {
      // Somebody else may have brought it back while the browser was asked.
      if ((await isGranted()) && isWanted()) await acquireCamera()
    } catch {
      // Still not there: the banner says what to do, and the next try comes.
    } finally {
      isTrying = false
    }
  }
  const timer = setInterval(() => void look(), TRY_EVERY_MS)
  watch(stoppedTracks, () => void look(), { immediate: true })
  onScopeDispose(() => clearInterval(timer))
}

async function isGranted(): Promise<boolean> {
  const state = await navigator.permissions.query({ name: 'camera' as PermissionName })
  return state.state === 'granted'
}
