/** How far this attempt's check-in has come: the server's word, the page's own streams, and the phone as it tells. */
import type { CheckKind, CheckResult, Measured, Reason } from '@invigil/checkin'
import type { CheckInMessage } from '@invigil/protocol'
import { computed, shallowReactive, watch } from 'vue'

import { language } from '../i18n/index.ts'
import { sayFault } from '../i18n/refusals.ts'
import { logActivity } from '../sitting/activity.ts'
import { checkInNews } from '../sitting/check-in-news.ts'
import { fetchCheckIn, reportCheck, type CheckIn } from './http.ts'
import { streams } from './streams.ts'

export type StepName = 'network' | 'camera' | 'sound' | 'screen' | 'phone'
export const KINDS: Record<StepName, readonly CheckKind[]> = {
  network: ['browser', 'network'],
  camera: ['camera', 'picture'],
  sound: ['microphone', 'speaker'],
  screen: ['screen'],
  phone: ['phone'],
}

interface State {
  checkIn: CheckIn | null
  fault: string
  /** base64 JPEG of what the phone sees. */
  picture: string
  isScreenLive: boolean
  isCameraLive: boolean
}

export const state = shallowReactive<State>({ checkIn: null, fault: '', picture: '', isScreenLive: false, isCameraLive: false })

export async function loadCheckIn(): Promise<void> {
  try {
    state.checkIn = await fetchCheckIn()
    state.fault = ''
  } catch (fault) {
    state.fault = sayFault(fault)
  }
}

/** Let the server judge a measurement and keep it. */
export async function report(kind: CheckKind, measured: Measured): Promise<CheckResult | null> {
  try {
    const result = await reportCheck(kind, measured)
    const words = { pass: 'check_passed', warn: 'check_warned', fail: 'check_failed' } as const
    logActivity({ kind: words[result.verdict], detail: `${kind}/${result.reason}` })
    await loadCheckIn()
    return result
  } catch (fault) {
    state.fault = sayFault(fault)
    return null
  }
}

export const resultOf = (kind: CheckKind): CheckResult | null => state.checkIn?.checks.find((one) => one.kind === kind) ?? null

/** The words of a finding in the candidate's language. */
export function sayReason(reason: string): { text: string; hint: string } {
  const words: Reason | undefined = state.checkIn?.judging.reasons[reason]
  if (words === undefined) return { text: reason, hint: '' }
  return language.value === 'en' ? { text: words.en, hint: words.hint_en } : { text: words.zh, hint: words.hint_zh }
}

export const steps = computed<StepName[]>(() => {
  const needed = state.checkIn?.needed ?? []
  return (Object.keys(KINDS) as StepName[]).filter((step) => KINDS[step].some((kind) => needed.includes(kind)))
})

/** A phone that stands ready or records is what the phone step wants; so is the proctor's word that none is needed. */
function isPhoneDone(): boolean {
  const waived = resultOf('phone')?.is_passable === true
  return waived || ['ready', 'recording'].includes(state.checkIn?.phone.state ?? 'absent')
}

export function isDone(step: StepName): boolean {
  const open = state.checkIn?.open ?? []
  if (step === 'phone') return isPhoneDone()
  if (KINDS[step].some((kind) => open.includes(kind))) return false
  const waived = KINDS[step].some((kind) => resultOf(kind)?.is_waived)
  if (step === 'screen') return state.isScreenLive || waived
  return step === 'camera' || step === 'sound' ? state.isCameraLive || waived : true
}

export const isAllDone = computed(() => state.checkIn !== null && steps.value.every(isDone))

function isLive(stream: MediaStream | null): boolean {
  return stream?.getVideoTracks().some((track) => track.readyState === 'live') ?? false
}

function follow(stream: MediaStream | null, note: () => void): void {
  note()
  for (const track of stream?.getTracks() ?? []) track.addEventListener('ended', note)
}
watch(() => streams.screen, (stream) => follow(stream, () => (state.isScreenLive = isLive(streams.screen))), { immediate: true })
watch(() => streams.camera, (stream) => follow(stream, () => (state.isCameraLive = isLive(streams.camera))), { immediate: true })

watch(checkInNews, (message: CheckInMessage | null) => {
  if (message?.type === 'phone_picture') state.picture = message.jpeg
  else if (message !== null) void loadCheckIn()
})
