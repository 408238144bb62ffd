import { Refused, Unreachable } from '../http/request.ts'
import { language, t } from './index.ts'

/** Say why something did not work, in the candidate's language. Anything unexpected is thrown on. */
export function sayFault(fault: unknown): string {
  if (fault instanceof Refused) return language.value === 'en' ? fault.en : fault.zh
  if (fault instanceof Unreachable) return t('app.unreachable')
  throw fault
}
