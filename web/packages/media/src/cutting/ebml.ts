/** The little of EBML that a live WebM needs: element headers, and the numbers inside. */
import { readUint } from './bytes.ts'

export const IDS = {
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  referenceBlock: 0xfb,
} as const

/** An element's place. end: behind its payload; Infinity when its size is unknown, as live streams write it. */
export interface Element {
  id: number
  at: number
  payload: number
  end: number
}

/** Return the length of the number that starts with this byte: 1 to 8, or 9 when it starts with none. */
function lengthOf(first: number): number {
  return Math.clz32(first) - 23
}

/** Return a variable-length number without its marker, and its length; NaN stands for "unknown size". */
export function readVint(bytes: Uint8Array, at: number): { value: number; length: number } {
  const first = bytes[at] ?? 0
  const length = lengthOf(first)
  const marked = readUint(bytes, at + 1, length - 1)
  const own = first & (0xff >> length)
  const isUnknown = own === 0xff >> length && marked === 2 ** (8 * (length - 1)) - 1
  return { value: isUnknown ? NaN : own * 2 ** (8 * (length - 1)) + marked, length }
}

/** Return the element that starts here, or null when its header has not wholly come. */
export function readElement(bytes: Uint8Array, at: number): Element | null {
  if (at >= bytes.length) return null
  const idLength = lengthOf(bytes[at] ?? 0)
  const sizeAt = at + idLength
  if (sizeAt >= bytes.length || sizeAt + lengthOf(bytes[sizeAt] ?? 0) > bytes.length) return null
  const size = readVint(bytes, sizeAt)
  const payload = sizeAt + size.length
  return { id: readUint(bytes, at, idLength), at, payload, end: Number.isNaN(size.value) ? Infinity : payload + size.value }
}

/** Return the elements inside a master element. */
export function children(bytes: Uint8Array, parent: Element): Element[] {
  const found: Element[] = []
  for (let at = parent.payload; at < parent.end; ) {
    const child = readElement(bytes, at)
    if (child === null || child.end > parent.end) break
    found.push(child)
    at = child.end
  }
  return found
}

export function uintOf(bytes: Uint8Array, element: Element): number {
  return readUint(bytes, element.payload, element.end - element.payload)
}
