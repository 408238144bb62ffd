/** What the server says of this attempt's check-in over the socket: the phone, its picture, what staff let through. */
import type { CheckInMessage } from '@invigil/protocol'
import { shallowRef } from 'vue'

export const checkInNews = shallowRef<CheckInMessage | null>(null)
