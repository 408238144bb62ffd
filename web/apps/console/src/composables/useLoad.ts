import { shallowRef, watch, type Ref, type WatchSource } from 'vue'

import { useNewest, type UseNewestReturn } from './useNewest.ts'

export interface UseLoadReturn<T> extends UseNewestReturn {
  value: Readonly<Ref<T | undefined>>
}

/** Fetch something now and whenever `on` changes; the old value stays visible while the new one is fetched. */
export function useLoad<T>(load: () => Promise<T>, on?: WatchSource | WatchSource[]): UseLoadReturn<T> {
  const value = shallowRef<T>()
  const asked = useNewest(load, (found) => (value.value = found))
  if (on) watch(on, () => void asked.reload())
  void asked.reload()
  return { value, ...asked }
}
