/** Rules by which the page notices what staff may want to look at. A signal is never a verdict, and any of these can be evaded (P17). */

/** Names under which programs offer themselves as cameras. */
const VIRTUAL = [
  /\bobs\b/i, /virtual/i, /\bv-?cam\b/i, /manycam/i, /xsplit/i, /snap camera/i, /droidcam/i, /iriun/i, /epoccam/i, /camo\b/i, /mmhmm/i, /e2esoft/i,
  /youcam/i, /splitcam/i, /sparkocam/i, /ivcam/i, /ndi\b/i, /newtek/i, /dummy/i, /v4l2loopback/i, /虚拟/, /替身/,
]

/** Return whether a camera's name is that of a program rather than a device. */
export function looksVirtual(label: string): boolean {
  return VIRTUAL.some((pattern) => pattern.test(label))
}

/** A step of the computer's clock larger than this between two looks is noted; a sleeping computer stops both clocks alike. */
const JUMP_MS = 5_000

/** Return by how much the wall clock has moved against the monotonic one since `before`, or 0 where it is nothing to speak of. */
export function clockJumpMs(before: { wall: number; steady: number }, now: { wall: number; steady: number }): number {
  const jump = now.wall - before.wall - (now.steady - before.steady)
  return Math.abs(jump) < JUMP_MS ? 0 : Math.round(jump)
}

/** Developer tools docked at a side take this much of the window; toolbars and scroll bars take less. A weak hint only. */
const DOCKED_PX = 200

export interface WindowSizes {
  outerWidth: number
  innerWidth: number
  outerHeight: number
  innerHeight: number
  devicePixelRatio: number
}

/** Return whether something is docked inside the window. Zooming changes the inner sizes as well, so they are compared in device pixels. */
export function looksDocked(sizes: WindowSizes): boolean {
  if (sizes.outerWidth === 0) return false // hidden
  const width = sizes.outerWidth - sizes.innerWidth * Math.max(1, sizes.devicePixelRatio)
  const height = sizes.outerHeight - sizes.innerHeight * Math.max(1, sizes.devicePixelRatio)
  return width > DOCKED_PX || height > DOCKED_PX * 2
}
