/** Battery, orientation, wake lock and whether the page is seen: watched for as long as the page lives. */
import { logStep, sendLog } from './log.ts'
import { sayStatus, signal } from './socket.ts'
import { phone, report } from './state.ts'

interface Battery extends EventTarget {
  level: number
  charging: boolean
}

const LOW = 0.2
let hiddenAt = 0
let lock: WakeLockSentinel | null = null

export function startSenses(): void {
  void watchBattery()
  noteOrientation()
  matchMedia('(orientation: landscape)').addEventListener('change', noteOrientation)
  screen.orientation?.addEventListener('change', noteOrientation)
  document.addEventListener('visibilitychange', noteVisibility)
  addEventListener('pagehide', () => void sendLog(true))
}

async function watchBattery(): Promise<void> {
  const get = (navigator as { getBattery?: () => Promise<Battery> }).getBattery
  if (get === undefined) return
  const battery = await get.call(navigator)
  const note = (): void => {
    const wasCharging = phone.isCharging
    const wasAbove = phone.battery === null || phone.battery > LOW
    Object.assign(phone, { battery: battery.level, isCharging: battery.charging })
    if (wasCharging === true && !battery.charging) logStep('charger_unplugged')
    if (wasAbove && battery.level <= LOW && !battery.charging) logStep('battery_low', String(battery.level))
    if (phone.stage === 'checking') void reportBattery()
  }
  battery.addEventListener('levelchange', note)
  battery.addEventListener('chargingchange', note)
  note()
}

export const reportBattery = (): Promise<unknown> => report('battery', { level: phone.battery ?? -1, is_charging: phone.isCharging })

export const reportOrientation = (): Promise<unknown> => report('orientation', { orientation: phone.orientation })

function noteOrientation(): void {
  const now = matchMedia('(orientation: landscape)').matches ? 'landscape' : 'portrait'
  if (now === phone.orientation) return
  phone.orientation = now
  if (phone.stage === 'checking') void reportOrientation()
  else if (phone.stage === 'recording') logStep('orientation_changed', now)
}

/** Keep the screen on; browsers give the lock back whenever the page is hidden. */
export async function stayAwake(): Promise<boolean> {
  try {
    lock = await navigator.wakeLock.request('screen')
    phone.isAwake = true
    lock.addEventListener('release', () => {
      phone.isAwake = false
      if (!document.hidden && phone.stage === 'recording') logStep('wake_lock_lost')
    })
  } catch {
    phone.isAwake = false // not supported, or the battery saver is on: the candidate is told what to set
  }
  return phone.isAwake
}

function noteVisibility(): void {
  phone.isHidden = document.hidden
  if (document.hidden) {
    hiddenAt = Date.now()
    if (phone.stage !== 'recording') return
    logStep('page_hidden')
    signal('phone_hidden')
    sayStatus()
    void sendLog(true)
    return
  }
  if (phone.entry !== null && (phone.stage === 'recording' || phone.stage === 'checking')) void stayAwake()
  if (phone.stage !== 'recording' || hiddenAt === 0) return
  phone.hiddenSeconds = Math.round((Date.now() - hiddenAt) / 1000)
  logStep('page_shown', String(phone.hiddenSeconds))
}
