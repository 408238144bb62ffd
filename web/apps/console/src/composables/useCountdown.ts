import { computed, onScopeDispose, ref, type ComputedRef } from 'vue'

export interface UseCountdownReturn {
  secondsLeft: ComputedRef<number>
  begin: (seconds: number) => void
}

/** Count seconds down to zero; ends with the component. */
export function useCountdown(): UseCountdownReturn {
  const endsAt = ref(0)
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), 250)
  onScopeDispose(() => clearInterval(timer))
  return {
    secondsLeft: computed(() => Math.max(0, Math.ceil((endsAt.value - now.value) / 1000))),
    begin(seconds) {
      now.value = Date.now()
      endsAt.value = now.value + seconds * 1000
    },
  }
}
