/** The page's own streams, kept in one place from check-in to hand-in; recording follows what stands here. Source: S2.5, S3.3 */
import { shallowReactive } from 'vue'

import { attempt } from '../sitting/attempt.ts'

/** camera: with its microphone. */
export const streams = shallowReactive<{ camera: MediaStream | null; screen: MediaStream | null }>({ camera: null, screen: null })

const CAMERA = { width: 640, height: 480, fps: 10 }
const SCREEN = { width: 1280, height: 720, fps: 3 }

const opening = new Map<string, Promise<MediaStream>>()

/**
 * Open camera and microphone; those used before when nothing is said. Throws CaptureRefused.
 * Asked twice for the same at once (by the page that goes and by the one that comes), it opens them once: the second stream would end
 * the recording of the first.
 */
export function acquireCamera(cameraId = keptDevice('videoinput'), microphoneId = keptDevice('audioinput')): Promise<MediaStream> {
  const key = `${cameraId}/${microphoneId}`
  const asked = opening.get(key) ?? openCamera(cameraId, microphoneId).finally(() => opening.delete(key))
  opening.set(key, asked)
  return asked
}

async function openCamera(cameraId: string, microphoneId: string): Promise<MediaStream> {
  const { captureCamera, CaptureRefused, release } = await import('@invigil/media')
  const size = attempt.entry?.recording?.rules.camera ?? CAMERA
  const asked = { ...(cameraId ? { cameraId } : {}), ...(microphoneId ? { microphoneId } : {}) }
  const stream = await captureCamera(size, asked).catch((fault: unknown) => {
    // The devices of before are gone: any other will do, and the proctor sees that it is another.
    if (fault instanceof CaptureRefused && fault.fault === 'not_found' && (cameraId || microphoneId)) return captureCamera(size)
    throw fault
  })
  if (streams.camera !== null && streams.camera !== stream) release(streams.camera)
  for (const track of stream.getTracks()) keepDevice(track)
  return (streams.camera = stream)
}

/** Let the candidate choose the whole screen; call it from a click. Throws CaptureRefused. */
export async function acquireScreen(): Promise<MediaStream> {
  const { captureScreen, release } = await import('@invigil/media')
  const stream = await captureScreen(attempt.entry?.recording?.rules.screen ?? SCREEN)
  if (streams.screen !== null) release(streams.screen)
  return (streams.screen = stream)
}

/** Give everything back: the lights of camera and screen sharing go out. */
export function releaseStreams(): void {
  for (const name of ['camera', 'screen'] as const) {
    for (const track of streams[name]?.getTracks() ?? []) track.stop()
    streams[name] = null
  }
}

type DeviceKind = 'videoinput' | 'audioinput'
const keyOf = (kind: DeviceKind): string => `invigil.device.${kind}`

function keptDevice(kind: DeviceKind): string {
  return localStorage.getItem(keyOf(kind)) ?? ''
}

function keepDevice(track: MediaStreamTrack): void {
  const id = track.getSettings().deviceId
  if (id) localStorage.setItem(keyOf(track.kind === 'video' ? 'videoinput' : 'audioinput'), id)
}
