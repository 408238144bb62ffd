import { shallowRef, watch, type WatchSource } from 'vue'

import type { UseLoadReturn } from './useLoad.ts'
import { useNewest } from './useNewest.ts'

/**
 * Fetch what is chosen, whenever another is chosen or `on` changes. id: "" while none is chosen.
 *
 * Nothing of the one before is seen under the name of the next. While none is chosen nothing is fetched and the last one stays:
 * the drawer that shows it is closing.
 */
export function useChosen<T>(id: () => string, load: () => Promise<T>, on: WatchSource[] = []): UseLoadReturn<T> {
  const value = shallowRef<T>()
  let shown = ''
  const asked = useNewest(load, (found) => (value.value = found))
  async function reload(): Promise<void> {
    if (id()) await asked.reload()
  }
  watch(
    [id, ...on],
    () => {
      if (id() && id() !== shown) value.value = undefined
      shown = id() || shown
      void reload()
    },
    { immediate: true },
  )
  return { value, ...asked, reload }
}
