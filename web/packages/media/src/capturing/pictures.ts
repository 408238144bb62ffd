/** Take single pictures out of a running stream, for the stills of the wall. */

interface Grabber {
  grabFrame(): Promise<ImageBitmap>
}
type GrabberMaker = new (track: MediaStreamTrack) => Grabber

/** Return a function that gives the picture of this moment, or null when there is none (muted, ended, still busy). */
export function picturesOf(stream: MediaStream): () => Promise<ImageBitmap | null> {
  const track = stream.getVideoTracks()[0]
  if (track === undefined) return () => Promise.resolve(null)
  const Maker = (globalThis as { ImageCapture?: GrabberMaker }).ImageCapture
  const grab = Maker === undefined ? fromElement(stream) : fromTrack(new Maker(track))
  let isBusy = false
  return async () => {
    if (isBusy || track.readyState !== 'live' || track.muted) return null
    isBusy = true
    try {
      return await grab()
    } catch {
      return null // no picture this time; the watch of the track says if it is for good
    } finally {
      isBusy = false
    }
  }
}

function fromTrack(grabber: Grabber): () => Promise<ImageBitmap> {
  return () => grabber.grabFrame()
}

/** Safari: through an element that is never shown. */
function fromElement(stream: MediaStream): () => Promise<ImageBitmap> {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.srcObject = stream
  return async () => {
    await video.play()
    return createImageBitmap(video)
  }
}
