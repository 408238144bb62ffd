/**
 * The two languages of the console. A catalogue is a plain typed object per language, so the type checker proves that
 * both languages say everything, and nothing is compiled at run time (the CSP forbids eval).
 */
import { computed, ref, type ComputedRef } from 'vue'

export const LANGUAGES = ['zh', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const STORED = 'invigil.console.language'

function initialLanguage(): Language {
  return localStorage.getItem(STORED) === 'en' ? 'en' : 'zh'
}

export const language = ref<Language>(initialLanguage())

/** Switch the language of the page and remember it on this computer. */
export function setLanguage(chosen: Language): void {
  language.value = chosen
  localStorage.setItem(STORED, chosen)
  document.documentElement.lang = chosen === 'zh' ? 'zh-CN' : 'en'
}

/** Return the catalogue of the current language; `en` must have exactly the shape of `zh`. */
export function defineMessages<M extends object>(zh: M, en: NoInfer<M>): ComputedRef<M> {
  return computed(() => (language.value === 'zh' ? zh : en))
}

/** Return the text in the current language, for data that carries both; what has no English yet is shown in Chinese. */
export function inLanguage(zh: string, en: string): string {
  return language.value === 'zh' || !en ? zh : en
}
