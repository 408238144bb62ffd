/** The phone's one stream: camera and microphone together. Recording follows what stands here. */
import { captureCamera, release } from '@invigil/media'
import { shallowReactive } from 'vue'

import { phone } from '../state.ts'

export const streams = shallowReactive({ phone: null as MediaStream | null, facing: 'user' as 'user' | 'environment' })

/** Open camera and microphone; call it from a tap. Throws CaptureRefused. */
export async function acquirePhone(facing = streams.facing): Promise<MediaStream> {
  const size = phone.entry?.recording.rules.phone ?? { width: 640, height: 480, fps: 10 }
  // Many phones open one camera at a time only.
  if (streams.phone !== null) release(streams.phone)
  streams.facing = facing
  return (streams.phone = await captureCamera(size, { facingMode: facing }))
}

export function releasePhone(): void {
  if (streams.phone !== null) release(streams.phone)
  streams.phone = null
}
