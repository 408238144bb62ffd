/** Whether the server can be reached: what the socket, the browser and the saves say together. */
import { computed, ref, watch, type ComputedRef } from 'vue'

import { logActivity } from './activity.ts'
import { attempt } from './attempt.ts'
import { noticeLink, saveState } from './saving.ts'

const isBrowserOnline = ref(navigator.onLine)
/** False only after an open socket was lost or could not be opened; before the first try nothing is said. */
const isSocketUp = ref(true)

export const isOffline: ComputedRef<boolean> = computed(
  () => saveState.value === 'offline' || !isBrowserOnline.value || !isSocketUp.value || attempt.isFromKeptDesk,
)

export function tellSocketState(isUp: boolean): void {
  isSocketUp.value = isUp
}

addEventListener('online', () => (isBrowserOnline.value = true))
addEventListener('offline', () => (isBrowserOnline.value = false))

watch([isSocketUp, isBrowserOnline], ([socket, browser], [oldSocket, oldBrowser]) => {
  if ((socket && !oldSocket) || (browser && !oldBrowser)) noticeLink()
})

watch(isOffline, (offline) => logActivity({ kind: offline ? 'network_lost' : 'network_restored' }))
