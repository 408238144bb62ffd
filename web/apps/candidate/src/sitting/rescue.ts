/** The emergency file: the last way for answers to reach the server when no network comes back. */
import { makeRescueFile } from '@invigil/exam-core'

import { attempt } from './attempt.ts'
import { logActivity } from './activity.ts'
import { sheet } from './saving.ts'
import { serverNow } from './server-clock.ts'

/** Write the encrypted file to the candidate's download folder; returns its name. */
export async function exportRescueFile(ticketNumber: string): Promise<string> {
  const { entry } = attempt
  if (entry === null) throw new Error('no attempt to rescue')
  const content = { v: 1, sheet: sheet.value, seat_epoch: entry.seat_epoch, exported_at: new Date(serverNow()).toISOString() } as const
  const file = await makeRescueFile(content, entry.rescue_key)
  const name = `应急答卷_${ticketNumber || file.attempt}_${file.seq}.json`
  downloadJson(name, file)
  logActivity({ kind: 'rescue_exported', detail: String(file.seq) })
  return name
}

/** Hand the browser a file to save. */
export function downloadJson(name: string, content: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
