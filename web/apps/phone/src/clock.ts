/** The server's clock on this phone: from the answer that took the shortest way. */
let offset = 0
let uncertainty = Infinity

/** askedAt, answeredAt: Date.now(). */
export function learnTime(serverTime: string, askedAt: number, answeredAt: number): void {
  const trip = answeredAt - askedAt
  if (trip > uncertainty) return
  uncertainty = trip
  offset = Date.parse(serverTime) + trip / 2 - answeredAt
}

/** Milliseconds since 1970. */
export const serverNow = (): number => Date.now() + offset
