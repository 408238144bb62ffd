/** What this page notices for staff: said at once over the socket, and kept in the operation log, so that it also arrives late. */
import { clockJumpMs, looksDocked, looksVirtual, type SignalKind } from '@invigil/exam-core'
import { onScopeDispose } from 'vue'

import { logActivity } from './activity.ts'
import { attempt } from './attempt.ts'
import { tellServer } from './socket.ts'

const LOOK_EVERY_MS = 5_000

/** Note something and tell it at once; the same time makes it one for the server. */
export function raiseSignal(kind: SignalKind | 'screen_left' | 'fullscreen_left', detail = '', item = attempt.currentItem): void {
  const at_ms = logActivity({ kind, item, detail })
  tellServer({ type: 'signal', kind, at_ms, detail, item })
}

/** Watch for as long as the calling component lives. */
export function useSignals(): void {
  const events = new AbortController()
  const options = { signal: events.signal }
  for (const kind of ['copy', 'cut', 'paste'] as const) document.addEventListener(kind, () => raiseSignal(kind), options)
  // Windows tells of this key only when it comes up again.
  addEventListener('keyup', (event) => event.key === 'PrintScreen' && raiseSignal('print_screen'), options)
  document.addEventListener('freeze', () => raiseSignal('page_frozen'), options)
  const look = makeLook()
  look()
  const looking = setInterval(look, LOOK_EVERY_MS)
  const leaveTabs = watchTabs()
  onScopeDispose(() => {
    events.abort()
    clearInterval(looking)
    leaveTabs()
  })
}

/** Return a function that looks at what tells of no change by itself; each state is told once, when it begins. */
function makeLook(): () => void {
  let clock = { wall: Date.now(), steady: performance.now() }
  const standing = new Set<string>()
  const tell = (kind: SignalKind, isSo: boolean, detail = ''): void => {
    if (isSo && !standing.has(kind)) raiseSignal(kind, detail)
    if (isSo) standing.add(kind)
    else standing.delete(kind)
  }
  return () => {
    const now = { wall: Date.now(), steady: performance.now() }
    const jump = clockJumpMs(clock, now)
    clock = now
    if (jump !== 0) raiseSignal('clock_jump', `${jump} ms`)
    tell('second_screen', hasForbiddenScreen())
    tell('developer_tools', looksDocked(window))
    void lookAtCameras().then((label) => tell('virtual_camera', label !== null, label ?? ''))
  }
}

/** Chromium tells of further screens; elsewhere nothing is known and nothing is said. */
function hasForbiddenScreen(): boolean {
  const entry = attempt.entry as { recording?: { rules?: { allows_several_screens?: boolean } } } | null
  return (screen as { isExtended?: boolean }).isExtended === true && entry?.recording?.rules?.allows_several_screens !== true
}

/** Return the name of a camera that looks like a program; names are known only after the candidate let the page use one. */
async function lookAtCameras(): Promise<string | null> {
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => [])
  return devices?.find((device) => device.kind === 'videoinput' && looksVirtual(device.label))?.label ?? null
}

const tabsOf = (sittingId: string): string => `invigil.sitting.${sittingId}`

/** Another tab of this sitting says so; both hear of it, the one that sits tells the server. */
function watchTabs(): () => void {
  if (!('BroadcastChannel' in window)) return () => undefined
  const channel = new BroadcastChannel(tabsOf(attempt.sittingId))
  channel.onmessage = () => raiseSignal('second_tab')
  return () => channel.close()
}

/** Tell the tab that sits that this one was opened too. */
export function announceTab(sittingId: string): void {
  if (!('BroadcastChannel' in window)) return
  const channel = new BroadcastChannel(tabsOf(sittingId))
  channel.postMessage('here')
  channel.close()
}
