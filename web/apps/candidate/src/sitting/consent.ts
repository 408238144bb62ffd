/** Which consent was given on this computer, so that a reload does not ask again. The server keeps the record that counts. */

const keyOf = (sittingId: string): string => `invigil.consent.${sittingId}`

export const keptConsent = (sittingId: string): string | null => localStorage.getItem(keyOf(sittingId))

export const keepConsent = (sittingId: string, version: string): void => localStorage.setItem(keyOf(sittingId), version)
