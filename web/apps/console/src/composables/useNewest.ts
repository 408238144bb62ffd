import { ref, type Ref } from 'vue'

import { makeTurns } from './turns.ts'

export interface UseNewestReturn {
  isLoading: Readonly<Ref<boolean>>
  fault: Readonly<Ref<unknown>>
  reload: () => Promise<void>
}

/** Ask as often as one likes; only the answer to the newest question counts, the others are dropped. keep: takes that answer. */
export function useNewest<T>(ask: () => Promise<T>, keep: (found: T) => void): UseNewestReturn {
  const isLoading = ref(false)
  const fault = ref<unknown>()
  const beginTurn = makeTurns()
  async function reload(): Promise<void> {
    const isNewest = beginTurn()
    isLoading.value = true
    try {
      const found = await ask()
      if (!isNewest()) return
      fault.value = undefined
      keep(found)
    } catch (caught) {
      if (isNewest()) fault.value = caught
    } finally {
      if (isNewest()) isLoading.value = false
    }
  }
  return { isLoading, fault, reload }
}
