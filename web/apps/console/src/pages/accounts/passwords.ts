// Letters and digits that are not mistaken for each other when read aloud or copied by hand.
const LETTERS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789'

/** Return a random password in groups of four, e.g. "kD7m-Qx3P-vT9w-e5Hn". */
export function drawPassword(groups = 4): string {
  const limit = 256 - (256 % LETTERS.length)
  const letters: string[] = []
  while (letters.length < groups * 4) {
    const drawn = crypto.getRandomValues(new Uint8Array(32))
    letters.push(...[...drawn].filter((byte) => byte < limit).map((byte) => LETTERS.charAt(byte % LETTERS.length)))
  }
  return letters.slice(0, groups * 4).join('').replace(/(.{4})(?=.)/g, '$1-')
}
