/** What this page is about: the attempt, how far it has come, and how the phone is. */
import type { CheckKind, CheckResult, Measured } from '@invigil/checkin'
import { computed, shallowReactive } from 'vue'

import { logStep } from './log.ts'
import { Refused, reportCheck, Unreachable, type PhoneEntry } from './http.ts'
import { isEnglish, w } from './words.ts'

/** scan: no token and nothing kept. welcome: claimed, before the camera is asked for. */
export type Stage = 'scan' | 'connecting' | 'refused' | 'welcome' | 'checking' | 'recording' | 'finished' | 'replaced'

export const phone = shallowReactive({
  stage: 'connecting' as Stage,
  entry: null as PhoneEntry | null,
  fault: '',
  checks: [] as readonly CheckResult[],
  isLinked: false,
  isHidden: document.hidden,
  /** 0 to 1, null where the browser does not tell. */
  battery: null as number | null,
  isCharging: null as boolean | null,
  orientation: 'portrait' as 'landscape' | 'portrait',
  isAwake: false,
  hiddenSeconds: 0,
})

export const resultOf = (kind: CheckKind): CheckResult | null => phone.checks.find((one) => one.kind === kind) ?? null

/** The checks that still stand in the way, in order. */
export const openChecks = computed(() => (phone.entry?.needed ?? []).filter((kind) => resultOf(kind)?.is_passable !== true))

export const isWellTurned = computed(() => phone.entry === null || phone.entry.orientation === 'either' || phone.entry.orientation === phone.orientation)

/** Let the server judge a measurement; a line that is down is tried again by whoever measures. */
export async function report(kind: CheckKind, measured: Measured): Promise<CheckResult | null> {
  try {
    const result = await reportCheck(kind, measured)
    phone.checks = [...phone.checks.filter((one) => one.kind !== kind), result]
    phone.fault = ''
    logStep({ pass: 'check_passed', warn: 'check_warned', fail: 'check_failed' }[result.verdict], `${kind}/${result.reason}`)
    return result
  } catch (fault) {
    phone.fault = sayFault(fault)
    return null
  }
}

export function sayFault(fault: unknown): string {
  if (fault instanceof Refused) return isEnglish ? fault.en : fault.zh
  if (fault instanceof Unreachable) return w('app.unreachable')
  throw fault
}

export function sayReason(reason: string): { text: string; hint: string } {
  const words = phone.entry?.judging.reasons[reason]
  if (words === undefined) return { text: reason, hint: '' }
  return isEnglish ? { text: words.en, hint: words.hint_en } : { text: words.zh, hint: words.hint_zh }
}
