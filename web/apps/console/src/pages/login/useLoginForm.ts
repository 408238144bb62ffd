import { reactive, ref } from 'vue'

import { api, codeOf, detailOf, sentenceOf, take } from '../../api.ts'
import { useCountdown } from '../../composables/useCountdown.ts'
import { useLogin, type Me } from '../../stores/login.ts'

export type LoginStep = 'password' | 'totp' | 'enrolment' | 'ownPassword'

/** What is to be done before anything else is allowed. */
function stepLeft(me: Me | undefined): LoginStep | undefined {
  if (me?.needs_totp_enrolment) return 'enrolment'
  return me?.needs_own_password ? 'ownPassword' : undefined
}

/** The login as steps. onEntered: called once the login is complete. */
export function useLoginForm(onEntered: () => void) {
  const login = useLogin()
  const form = reactive({ login_name: '', password: '', totp_code: '' })
  const step = ref<LoginStep>(stepLeft(login.me) ?? 'password')
  const refusal = ref('')
  const isStuck = ref(false)
  const isBusy = ref(false)
  const wait = useCountdown()

  function goOn(): void {
    step.value = stepLeft(login.me) ?? step.value
    if (login.isComplete) onEntered()
  }

  function explain(fault: unknown): void {
    if (codeOf(fault) === 'accounts.second_factor_needed') return void (step.value = 'totp')
    isStuck.value = detailOf(fault, 'attempts_left') === 0 || ['accounts.locked', 'accounts.stopped'].includes(codeOf(fault))
    refusal.value = sentenceOf(fault)
    form.totp_code = ''
    const seconds = Number(detailOf(fault, 'retry_after_s'))
    if (seconds > 0) wait.begin(seconds)
  }

  async function submit(): Promise<void> {
    if (isBusy.value || wait.secondsLeft.value > 0) return
    isBusy.value = true
    refusal.value = ''
    try {
      login.accept(await take(api.POST('/api/staff/login', { body: { ...form, totp_code: form.totp_code.replace(/\s/g, '') } })))
      goOn()
    } catch (fault) {
      explain(fault)
    } finally {
      isBusy.value = false
    }
  }

  function restart(): void {
    Object.assign(form, { password: '', totp_code: '' })
    refusal.value = ''
    step.value = 'password'
  }

  return { form, step, refusal, isStuck, isBusy, secondsLeft: wait.secondsLeft, submit, restart, goOn }
}
