/** How a camera's picture looks: brightness, contrast and sharpness of a small grey copy. */

/** The server's thresholds are for frames of this size. */
export const FRAME_WIDTH = 160
export const FRAME_HEIGHT = 120

export interface Looks {
  /** 0 to 255 */
  mean: number
  deviation: number
  /** Variance of the Laplacian divided by the variance; 0 for a flat picture. */
  sharpness: number
}

/** Measure a picture of 8-bit RGBA, row by row. */
export function measurePicture(rgba: Uint8ClampedArray, width: number, height: number): Looks {
  const luma = new Float32Array(width * height)
  for (let at = 0; at < luma.length; at += 1) {
    luma[at] = 0.299 * (rgba[4 * at] ?? 0) + 0.587 * (rgba[4 * at + 1] ?? 0) + 0.114 * (rgba[4 * at + 2] ?? 0)
  }
  const { mean, variance } = spread(luma)
  const edges = laplacian(luma, width, height)
  return { mean, deviation: Math.sqrt(variance), sharpness: variance < 1 ? 0 : spread(edges).variance / variance }
}

function laplacian(luma: Float32Array, width: number, height: number): Float32Array {
  const edges = new Float32Array(Math.max(0, (width - 2) * (height - 2)))
  let to = 0
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x
      const around = (luma[at - 1] ?? 0) + (luma[at + 1] ?? 0) + (luma[at - width] ?? 0) + (luma[at + width] ?? 0)
      edges[to] = 4 * (luma[at] ?? 0) - around
      to += 1
    }
  }
  return edges
}

function spread(values: Float32Array): { mean: number; variance: number } {
  if (values.length === 0) return { mean: 0, variance: 0 }
  let [sum, squares] = [0, 0]
  for (const value of values) {
    sum += value
    squares += value * value
  }
  const mean = sum / values.length
  return { mean, variance: Math.max(0, squares / values.length - mean * mean) }
}

/** Measures what a video element shows. */
export class PictureMeter {
  private readonly canvas = Object.assign(document.createElement('canvas'), { width: FRAME_WIDTH, height: FRAME_HEIGHT })
  private readonly context = this.canvas.getContext('2d', { willReadFrequently: true })

  /** Return the looks of the frame shown now; null while there is none. */
  look(video: HTMLVideoElement): Looks | null {
    if (this.context === null || video.videoWidth === 0) return null
    this.context.drawImage(video, 0, 0, FRAME_WIDTH, FRAME_HEIGHT)
    return measurePicture(this.context.getImageData(0, 0, FRAME_WIDTH, FRAME_HEIGHT).data, FRAME_WIDTH, FRAME_HEIGHT)
  }
}

const STILL_BYTES = 6_144
const QUALITIES = [0.6, 0.45, 0.3, 0.2, 0.1]

/** Return a JPEG of at most 6 kB of what the video shows; null while there is nothing. longSide: of the still, in points. */
export async function takeStill(video: HTMLVideoElement, longSide = 240): Promise<Uint8Array<ArrayBuffer> | null> {
  if (video.videoWidth === 0) return null
  const scale = longSide / Math.max(video.videoWidth, video.videoHeight)
  const canvas = Object.assign(document.createElement('canvas'), {
    width: Math.round(video.videoWidth * scale),
    height: Math.round(video.videoHeight * scale),
  })
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height)
  for (const quality of QUALITIES) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
    if (blob !== null && blob.size <= STILL_BYTES) return new Uint8Array(await blob.arrayBuffer())
  }
  return null
}
