/** Who is logged in on this page. */
import { shallowRef } from 'vue'

import type { Candidate } from '../http/types.ts'

export const candidate = shallowRef<Candidate | null>(null)

export const ticketNumber = (): string => candidate.value?.ticket_number ?? ''
