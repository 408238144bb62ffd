import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

import { api, take } from '../api.ts'
import { inLanguage } from '../language.ts'

/** Names of staff by id; the id where the name is not known. */
export const useStaffNames = defineStore('staff-names', () => {
  const names = ref(new Map<string, string>())
  let isAsked = false

  async function load(): Promise<void> {
    if (isAsked) return
    isAsked = true
    try {
      for (const one of await take(api.GET('/api/staff/accounts/names'))) names.value.set(one.id, one.display_name)
    } catch {
      // ids are shown instead; the next page asks again
      isAsked = false
    }
  }

  function nameOf(id: string): string {
    if (id === 'system') return inLanguage('系统', 'system')
    if (!isAsked && !names.value.has(id)) void load()
    return names.value.get(id) ?? id
  }
  /** Everybody by name, to choose from. */
  const everybody = computed(() => [...names.value].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name, 'zh-CN')))
  async function loadAll(): Promise<void> {
    if (!isAsked) await load()
  }
  return { nameOf, everybody, loadAll }
})
