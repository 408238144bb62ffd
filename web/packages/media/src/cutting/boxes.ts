/** Boxes of ISO base media files. */
import { readUint } from './bytes.ts'

export interface Box {
  type: string
  at: number
  payload: number
  end: number
}

/** Return the box that starts here, or null when its header has not wholly come. */
export function readBox(bytes: Uint8Array, at: number): Box | null {
  if (at + 8 > bytes.length) return null
  const size = readUint(bytes, at, 4)
  const isLong = size === 1
  if (isLong && at + 16 > bytes.length) return null
  const length = isLong ? readUint(bytes, at + 8, 8) : size
  const payload = at + (isLong ? 16 : 8)
  // A size of 0 means "to the end of the file", which a recording that goes on cannot mean.
  return { type: typeOf(bytes, at + 4), at, payload, end: Math.max(payload, at + length) }
}

export function boxesIn(bytes: Uint8Array, parent: Box): Box[] {
  const found: Box[] = []
  for (let at = parent.payload; at < parent.end; ) {
    const box = readBox(bytes, at)
    if (box === null || box.end > parent.end) break
    found.push(box)
    at = box.end
  }
  return found
}

/** Return the boxes found by going down this path, e.g. ['trak', 'mdia']: all on the way, all at its end. */
export function boxesAt(bytes: Uint8Array, boxes: readonly Box[], path: readonly string[]): Box[] {
  const [type, ...deeper] = path
  const found = boxes.filter((box) => box.type === type)
  return deeper.length === 0 ? found : found.flatMap((box) => boxesAt(bytes, boxesIn(bytes, box), deeper))
}

function typeOf(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}
