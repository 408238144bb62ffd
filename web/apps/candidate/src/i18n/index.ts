/** Two languages, one table each; both come with the page, so a lost network never leaves it without words. */
import { computed, ref, watchEffect } from 'vue'

import { en } from './en.ts'
import { zh } from './zh.ts'

export type MessageKey = keyof typeof zh
export type Language = 'zh-CN' | 'en'

const KEPT_AS = 'invigil.language'

export const language = ref<Language>(localStorage.getItem(KEPT_AS) === 'en' ? 'en' : 'zh-CN')
const messages = computed<Record<MessageKey, string>>(() => (language.value === 'en' ? en : zh))

watchEffect(() => {
  document.documentElement.lang = language.value
  localStorage.setItem(KEPT_AS, language.value)
})

/** Return the sentence in the chosen language with `{name}` filled in. */
export function t(key: MessageKey, fill: Record<string, string | number> = {}): string {
  return messages.value[key].replace(/\{(\w+)\}/g, (hole, name: string) => String(fill[name] ?? hole))
}

export function toggleLanguage(): void {
  language.value = language.value === 'en' ? 'zh-CN' : 'en'
}

/** Say a span of time in words; seconds only below ten minutes. */
export function saySpan(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  if (hours > 0) return t('time.hours', { h: hours, m: minutes })
  if (minutes >= 10 || (minutes > 0 && rest === 0)) return t('time.minutes', { m: minutes })
  return minutes > 0 ? t('time.minutes_seconds', { m: minutes, s: rest }) : t('time.seconds', { s: rest })
}

const dates = computed(() => {
  const month = language.value === 'en' ? 'short' : 'long'
  const options: Intl.DateTimeFormatOptions = { timeZone: 'Asia/Shanghai', month, day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit', hour12: false }
  return new Intl.DateTimeFormat(language.value, options)
})
const times = computed(() => new Intl.DateTimeFormat(language.value, { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hour12: false }))

/** Write an instant with its day, Beijing time. */
export const sayDate = (instant: number): string => dates.value.format(instant)

/** Write an instant of today, "10:30", Beijing time. */
export const sayTime = (instant: number): string => times.value.format(instant)
