import { computed, reactive } from 'vue'

import { api, take } from '../api.ts'
import { useAction } from '../composables/useAction.ts'
import { defineMessages } from '../language.ts'

export const text = defineMessages(
  {
    title: '修改密码',
    fresh: '新密码',
    again: '再次输入',
    hint: '至少 12 位，不能与登录名相同。修改后，您在其他设备上的登录将结束。',
    differs: '两次输入的密码不一致。',
    cancel: '取消',
    save: '修改',
    done: '密码已修改。',
    ownTitle: '设置自己的密码',
    ownHint: '您的密码是他人设置的。请换成只有您自己知道的密码，之后才能继续。至少 12 位，不能与登录名相同，也不能沿用原来的密码。',
    ownSave: '设置密码',
  },
  {
    title: 'Change password',
    fresh: 'New password',
    again: 'Once more',
    hint: 'At least 12 characters, not the login name. Your logins on other devices will end.',
    differs: 'The two entries differ.',
    cancel: 'Cancel',
    save: 'Change',
    done: 'The password was changed.',
    ownTitle: 'Set your own password',
    ownHint: 'Your password was chosen by somebody else. Replace it by one that only you know to go on: at least 12 characters, neither the login name nor the password you were given.',
    ownSave: 'Set password',
  },
)

/** One's own password typed twice. then: called once it counts. */
export function useOwnPassword(then: () => unknown) {
  const form = reactive({ fresh: '', again: '' })
  const { run: save, isBusy } = useAction(() => take(api.POST('/api/staff/password', { body: { password: form.fresh } })), { done: text.value.done, then })
  return {
    form,
    save,
    isBusy,
    differs: computed(() => form.again !== '' && form.again !== form.fresh),
    isReady: computed(() => form.fresh.length >= 12 && form.fresh === form.again),
    clear: () => Object.assign(form, { fresh: '', again: '' }),
  }
}
