import type { EntryAnswer } from '../http/types.ts'
import { t } from '../i18n/index.ts'

/** Say where the candidate sits; "" before the rooms are arranged. */
export function saySeat(entry: EntryAnswer | null): string {
  if (entry === null || entry.room_name === '') return ''
  const room = /^\d+$/.test(entry.room_name) ? t('wait.room', { n: entry.room_name }) : entry.room_name
  return t('wait.seat_text', { room, seat: entry.seat_number })
}
