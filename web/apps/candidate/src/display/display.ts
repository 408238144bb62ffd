/** How the candidate wants to see the page; kept on this computer. */
import type { Theme } from '@invigil/ui'
import { reactive, watchEffect } from 'vue'

export type TextSize = 1 | 2 | 3

const KEPT_AS = 'invigil.display'

export const display = reactive<{ textSize: TextSize; theme: Theme }>(restore())

watchEffect(() => {
  document.documentElement.dataset['theme'] = display.theme
  document.documentElement.dataset['textSize'] = String(display.textSize)
  localStorage.setItem(KEPT_AS, JSON.stringify(display))
})

function restore(): { textSize: TextSize; theme: Theme } {
  const wantsContrast = matchMedia('(prefers-contrast: more)').matches
  const fallback = { textSize: 1, theme: wantsContrast ? 'contrast' : 'light' } as const
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT_AS) ?? '{}') as Partial<typeof display>
    const textSize = kept.textSize === 2 || kept.textSize === 3 ? kept.textSize : fallback.textSize
    return { textSize, theme: kept.theme === 'contrast' || kept.theme === 'light' ? kept.theme : fallback.theme }
  } catch {
    return fallback // someone edited the storage by hand
  }
}
