/** What this browser keeps: the number by which the server knows the same phone again, and the ticket for a reload. */
const DEVICE = 'invigil.phone.device'
const TICKET = 'invigil.phone.ticket'

/** 32 random bytes, made once; a browser that keeps nothing is another phone after each reload. */
export function deviceId(): string {
  const kept = localStorage.getItem(DEVICE)
  if (kept !== null) return kept
  const made = [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  localStorage.setItem(DEVICE, made)
  return made
}

export const keptTicket = (): string => localStorage.getItem(TICKET) ?? ''
export const keepTicket = (ticket: string): void => localStorage.setItem(TICKET, ticket)
export const forgetTicket = (): void => localStorage.removeItem(TICKET)

/** Return the token of the QR code that led here, and take it out of the address at once. */
export function takeToken(): string {
  const token = location.hash.slice(1)
  if (token !== '') history.replaceState(null, '', location.pathname)
  return token
}
