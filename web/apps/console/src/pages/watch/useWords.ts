import { shallowRef, type ShallowRef } from 'vue'

import { api, take, type Schemas } from '../../api.ts'

const words = shallowRef<Schemas['WordsAnswer']>()
let asked: Promise<void> | undefined

/** What the server offers to choose from; fetched once. */
export function useWords(): Readonly<ShallowRef<Schemas['WordsAnswer'] | undefined>> {
  asked ??= take(api.GET('/api/proctoring/words'))
    .then((found) => void (words.value = found))
    .catch(() => void (asked = undefined))
  return words
}
