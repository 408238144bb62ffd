import { ref, type Ref } from 'vue'

export interface UseNewestReturn {
  isLoading: Readonly<Ref<boolean>>
  fault: Readonly<Ref<unknown>>
  reload: () => Promise<void>
}

/** Ask as often as one likes; only the answer to the newest question counts, the others are dropped. keep: takes that answer. */
export function useNewest<T>(ask: () => Promise<T>, keep: (found: T) => void): UseNewestReturn {
  const isLoading = ref(false)
  const fault = ref<unknown>()
  let newest = 0
  async function reload(): Promise<void> {
    const mine = ++newest
    isLoading.value = true
    try {
      const found = await ask()
      if (mine !== newest) return
      fault.value = undefined
      keep(found)
    } catch (caught) {
      if (mine === newest) fault.value = caught
    } finally {
      if (mine === newest) isLoading.value = false
    }
  }
  return { isLoading, fault, reload }
}
