/** What can come of a request, as far as it decides what happens next. */

/** No answer, or "not now": trying again is right. */
export class Unreachable extends Error {
  override name = 'Unreachable'
}

/** The ticket is not known any more. */
export class LoginLost extends Error {
  override name = 'LoginLost'
}

/** A signed address has run out; a fresh one is asked for. */
export class TargetExpired extends Error {
  override name = 'TargetExpired'
}

/** The store has read other bytes than were announced. */
export class HashMismatch extends Error {
  override name = 'HashMismatch'
}

/** The server will never take this. */
export class Rejected extends Error {
  override name = 'Rejected'
  readonly status: number

  constructor(status: number, what: string) {
    super(`${what}: status ${status}`)
    this.status = status
  }
}
