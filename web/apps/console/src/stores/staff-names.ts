import { defineStore } from 'pinia'
import { ref } from 'vue'

import { api, take } from '../api.ts'
import { useLogin } from './login.ts'

/** Names of staff by id, where the reader may know them; the id otherwise. */
export const useStaffNames = defineStore('staff-names', () => {
  const names = ref(new Map<string, string>())
  let isAsked = false

  async function load(): Promise<void> {
    isAsked = true
    const login = useLogin()
    if (login.me) names.value.set(login.me.id, login.me.display_name)
    if (!login.holds(['administrator', 'operator', 'auditor'])) return
    try {
      const page = await take(api.GET('/api/staff/accounts', { params: { query: { page_size: 200 } } }))
      for (const one of page.items) names.value.set(one.id, one.display_name)
    } catch {
      // ids are shown instead
    }
  }

  function nameOf(id: string): string {
    if (!isAsked) void load()
    return names.value.get(id) ?? id
  }
  return { nameOf }
})
