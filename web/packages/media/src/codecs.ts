/**
 * Which container and codec to record in. H.264 in MP4 first: a third of VP8's processor time and remuxed for nothing on export;
 * never H.264 in WebM, which no browser plays piecewise.
 */
const PREFERRED = ['video/mp4;codecs=avc1.42E01F,mp4a.40.2', 'video/mp4;codecs=avc1.42E01F,opus', 'video/webm;codecs=vp9,opus', 'video/webm;codecs=vp8,opus', 'video/mp4'] as const

/** Return the same type without its sound: a screen has none. */
function silent(mime: string): string {
  return mime.replace(/,[^,]+$/, '')
}

/** Return the first type this browser records, or null. isSupported: MediaRecorder.isTypeSupported. */
export function chooseMime(hasAudio: boolean, isSupported: (mime: string) => boolean): string | null {
  const wanted = PREFERRED.map((mime) => (hasAudio ? mime : silent(mime)))
  return wanted.find((mime) => isSupported(mime)) ?? null
}

export function isMp4(mime: string): boolean {
  return mime.startsWith('video/mp4')
}
