import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

import { api, csrfToken, isLoginLost, take, type Schemas } from '../api.ts'

export type Role = Schemas['Role']
export type Me = Schemas['MeAnswer']

/** Who is logged in. */
export const useLogin = defineStore('login', () => {
  const me = ref<Me>()
  const isKnown = ref(false)
  const roles = computed(() => new Set<Role>(me.value?.roles ?? []))
  const isComplete = computed(() => me.value !== undefined && !me.value.needs_totp_enrolment && !me.value.needs_own_password)

  function accept(answer: Me | undefined): void {
    me.value = answer
    csrfToken.value = answer?.csrf ?? ''
    isKnown.value = true
  }

  /** Ask the server who is logged in; nobody is an answer too. */
  async function recognise(): Promise<void> {
    try {
      accept(await take(api.GET('/api/staff/me')))
    } catch (fault) {
      if (!isLoginLost(fault)) throw fault
      accept(undefined)
    }
  }

  async function logOut(): Promise<void> {
    await take(api.POST('/api/staff/logout'))
    accept(undefined)
  }

  /** Tell whether the person holds one of the roles; an empty list means everybody. */
  function holds(allowed: readonly Role[]): boolean {
    return allowed.length === 0 || allowed.some((role) => roles.value.has(role))
  }

  return { me, isKnown, roles, isComplete, accept, recognise, logOut, holds }
})
