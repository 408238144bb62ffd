import { ElMessage } from 'element-plus'
import { ref, type Ref } from 'vue'

import { sentenceOf } from '../api.ts'

export interface UseActionOptions<Answer> {
  /** Said when it is done. */
  done?: string | ((answer: Answer) => string)
  /** Runs after success, e.g. reloading a table. */
  then?: (answer: Answer) => unknown
  /** Handles a fault; return true when nothing more needs to be said. */
  onFault?: (fault: unknown) => boolean
}

export interface UseActionReturn<Args extends unknown[]> {
  /** Returns whether it succeeded. While it runs, further calls do nothing. */
  run: (...args: Args) => Promise<boolean>
  isBusy: Readonly<Ref<boolean>>
}

/** Wrap a change on the server: one at a time, with a word when done and a sentence when refused. */
export function useAction<Args extends unknown[], Answer>(
  act: (...args: Args) => Promise<Answer>,
  options: UseActionOptions<Answer> = {},
): UseActionReturn<Args> {
  const isBusy = ref(false)
  async function run(...args: Args): Promise<boolean> {
    if (isBusy.value) return false
    isBusy.value = true
    try {
      const answer = await act(...args)
      const said = typeof options.done === 'function' ? options.done(answer) : options.done
      if (said) ElMessage.success({ message: said, showClose: true })
      await options.then?.(answer)
      return true
    } catch (fault) {
      if (!options.onFault?.(fault)) showFault(fault)
      return false
    } finally {
      isBusy.value = false
    }
  }
  return { run, isBusy }
}

/** Say why something failed; stays long enough to be read. */
export function showFault(fault: unknown): void {
  ElMessage.error({ message: sentenceOf(fault), duration: 8000, showClose: true, grouping: true })
}
