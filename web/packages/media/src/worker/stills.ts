/** Stills for the proctor's wall: within 240×180, JPEG, at most 6 kB — quality falls until it fits. Source: S3.3, S3.8 */
import type { Bytes } from '@invigil/exam-core'

export const STILL_MAX_BYTES = 6 * 1024
const BOX = { width: 240, height: 180 }
const QUALITIES = [0.6, 0.5, 0.4, 0.3, 0.2, 0.1] as const

/** Return the largest size within the box that keeps the shape. */
export function fitBox(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(BOX.width / width, BOX.height / height, 1)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** Return the first encoding that fits, trying the qualities downwards; null when not even the last does. encode: quality 0 to 1. */
export async function fitBytes(encode: (quality: number) => Promise<Bytes>): Promise<Bytes | null> {
  for (const quality of QUALITIES) {
    const jpeg = await encode(quality)
    if (jpeg.length <= STILL_MAX_BYTES) return jpeg
  }
  return null
}

export async function drawStill(bitmap: ImageBitmap): Promise<Bytes | null> {
  const { width, height } = fitBox(bitmap.width, bitmap.height)
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { alpha: false })
  if (context === null) return null
  context.drawImage(bitmap, 0, 0, width, height)
  return fitBytes(async (quality) => new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality })).arrayBuffer()))
}
