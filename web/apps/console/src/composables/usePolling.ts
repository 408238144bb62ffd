import { onScopeDispose, ref, type Ref } from 'vue'

export interface UsePollingOptions {
  everyMs: number
  /** Starts at once unless false. */
  starts?: boolean
}

export interface UsePollingReturn {
  isRunning: Readonly<Ref<boolean>>
  start: () => void
  stop: () => void
}

/** Run `act` again and again, never twice at a time, not while the page is hidden; ends with the component. */
export function usePolling(act: () => Promise<unknown>, options: UsePollingOptions): UsePollingReturn {
  const isRunning = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function turn(): Promise<void> {
    if (!document.hidden) await act()
    if (isRunning.value) timer = setTimeout(() => void turn(), options.everyMs)
  }
  function start(): void {
    if (isRunning.value) return
    isRunning.value = true
    timer = setTimeout(() => void turn(), options.everyMs)
  }
  function stop(): void {
    isRunning.value = false
    clearTimeout(timer)
  }
  if (options.starts !== false) start()
  onScopeDispose(stop)
  return { isRunning, start, stop }
}
