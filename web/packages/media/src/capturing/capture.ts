/** Ask the browser for screen, camera and microphone, and say plainly why it did not give them. Source: S2.5, S3.3 */

export type CaptureFault = 'not_allowed' | 'not_found' | 'in_use' | 'not_monitor' | 'timeout' | 'unsupported'

export class CaptureRefused extends Error {
  override name = 'CaptureRefused'
  readonly fault: CaptureFault

  constructor(fault: CaptureFault, cause?: unknown) {
    super(fault, { cause })
    this.fault = fault
  }
}

export interface Size {
  width: number
  height: number
  fps: number
}

export interface Devices {
  cameraId?: string
  microphoneId?: string
  facingMode?: 'user' | 'environment'
}

/** Nobody answers a browser's question for two minutes: ask again later. */
const PATIENCE_MS = 120_000

const FAULTS: Record<string, CaptureFault> = {
  NotAllowedError: 'not_allowed',
  SecurityError: 'not_allowed',
  NotFoundError: 'not_found',
  OverconstrainedError: 'not_found',
  NotReadableError: 'in_use',
  AbortError: 'in_use',
}

/** Open camera and microphone together. Throws CaptureRefused. */
export function captureCamera(size: Size, devices: Devices = {}): Promise<MediaStream> {
  const { cameraId, microphoneId, facingMode } = devices
  const video: MediaTrackConstraints = { width: { ideal: size.width }, height: { ideal: size.height }, frameRate: { max: size.fps } }
  if (cameraId) video.deviceId = { exact: cameraId }
  else if (facingMode) video.facingMode = facingMode
  const audio: MediaTrackConstraints = { channelCount: 1, ...(microphoneId ? { deviceId: { exact: microphoneId } } : {}) }
  return open(() => navigator.mediaDevices.getUserMedia({ video, audio }))
}

interface WholeScreen extends DisplayMediaStreamOptions {
  monitorTypeSurfaces: 'include'
  surfaceSwitching: 'exclude'
  selfBrowserSurface: 'exclude'
}

/**
 * Let the candidate choose a screen; call it from a click. A window or a tab is given back at once.
 * Throws CaptureRefused, `not_monitor` when something else than a whole screen was chosen.
 */
export async function captureScreen(size: Size): Promise<MediaStream> {
  const video = { displaySurface: 'monitor', width: { max: size.width }, height: { max: size.height }, frameRate: { max: size.fps } }
  const wanted: WholeScreen = { video, audio: false, monitorTypeSurfaces: 'include', surfaceSwitching: 'exclude', selfBrowserSurface: 'exclude' }
  const stream = await open(() => navigator.mediaDevices.getDisplayMedia(wanted))
  const surface = stream.getVideoTracks()[0]?.getSettings().displaySurface
  if (surface === 'monitor') return stream
  release(stream)
  throw new CaptureRefused('not_monitor')
}

/** Return whether the computer shows more than one screen; null where the browser does not say. */
export function hasSeveralScreens(): boolean | null {
  return (screen as Screen & { isExtended?: boolean }).isExtended ?? null
}

/** Give a stream back: lights go out. */
export function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

/** Return whether the picture of this stream can still come. */
export function isUsable(stream: MediaStream | null): stream is MediaStream {
  return stream?.getVideoTracks().some((track) => track.readyState === 'live') ?? false
}

async function open(ask: () => Promise<MediaStream>): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new CaptureRefused('unsupported')
  const asked = ask()
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CaptureRefused('timeout')), PATIENCE_MS)
  })
  try {
    return await Promise.race([asked, patience])
  } catch (fault) {
    void asked.then(release, () => undefined) // an answer that comes too late is not left running
    if (fault instanceof CaptureRefused) throw fault
    throw new CaptureRefused(FAULTS[fault instanceof DOMException ? fault.name : ''] ?? 'unsupported', fault)
  } finally {
    clearTimeout(timer)
  }
}
