/** Pictures and sounds of the paper as object URLs. Source: S3.11 */
import { fetchMedia } from '../http/sit.ts'

const urls = new Map<string, Promise<string>>()

/** Return the object URL of a medium, fetching it once; a failure is not remembered. */
export function mediaUrl(id: string): Promise<string> {
  const known = urls.get(id)
  if (known !== undefined) return known
  const asked = fetchMedia(id).then((blob) => URL.createObjectURL(blob))
  urls.set(id, asked)
  asked.catch(() => urls.delete(id))
  return asked
}

/** Fetch all media one after another, so that answers always have the line; failures are tried again when they are shown. */
export async function prefetchMedia(ids: readonly string[]): Promise<void> {
  for (const id of ids) await mediaUrl(id).catch(() => undefined)
}

/** Forget everything of the last attempt. */
export function dropMedia(): void {
  for (const asked of urls.values()) void asked.then((url) => URL.revokeObjectURL(url)).catch(() => undefined)
  urls.clear()
}
