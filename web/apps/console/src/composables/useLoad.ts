import { ref, shallowRef, watch, type Ref, type WatchSource } from 'vue'

export interface UseLoadReturn<T> {
  value: Readonly<Ref<T | undefined>>
  isLoading: Readonly<Ref<boolean>>
  fault: Readonly<Ref<unknown>>
  reload: () => Promise<void>
}

/** Fetch something now and whenever `on` changes; the old value stays visible while the new one is fetched. */
export function useLoad<T>(load: () => Promise<T>, on?: WatchSource | WatchSource[]): UseLoadReturn<T> {
  const value = shallowRef<T>()
  const isLoading = ref(false)
  const fault = ref<unknown>()
  let newest = 0
  async function reload(): Promise<void> {
    const mine = ++newest
    isLoading.value = true
    try {
      const found = await load()
      if (mine !== newest) return
      value.value = found
      fault.value = undefined
    } catch (caught) {
      if (mine === newest) fault.value = caught
    } finally {
      if (mine === newest) isLoading.value = false
    }
  }
  if (on) watch(on, () => void reload())
  void reload()
  return { value, isLoading, fault, reload }
}
