/** Pictures and sounds of the paper as object URLs, and how often each sound or film was played. Source: S3.11 */
import { shallowReactive } from 'vue'

import { fetchMedia } from '../http/sit.ts'
import { keepLocally, readLocally } from '../storage/local.ts'
import { attempt } from './attempt.ts'

const urls = new Map<string, Promise<string>>()
const plays = shallowReactive<Record<string, number>>({})

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

/** A play is counted when it starts, and outlives a reload. `place`: the medium in its item, so two uses count apart. */
export function countPlay(place: string): void {
  plays[place] = (plays[place] ?? 0) + 1
  const id = attempt.entry?.attempt_id
  if (id !== undefined) void keepLocally('plays', id, { ...plays }).catch(() => undefined) // the count in memory still holds
}

export function playsOf(place: string): number {
  return plays[place] ?? 0
}

export async function restorePlays(attemptId: string): Promise<void> {
  const kept = await readLocally<Record<string, number>>('plays', attemptId).catch(() => null)
  for (const place of Object.keys(plays)) plays[place] = 0
  Object.assign(plays, kept ?? {})
}
