/** Identifiers as the server makes them: a prefix and 26 characters that sort by time (`invigil.kernel.ids`). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const TIME_CHARACTERS = 10
const RANDOM_CHARACTERS = 16

/** Return a new id. instantMs: milliseconds since 1970. */
export function makeTakeId(instantMs: number): string {
  let time = ''
  for (let rest = Math.floor(instantMs); time.length < TIME_CHARACTERS; rest = Math.floor(rest / 32)) time = (ALPHABET[rest % 32] ?? '0') + time
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_CHARACTERS))
  return `take_${time}${Array.from(random, (byte) => ALPHABET[byte % 32]).join('')}`
}
