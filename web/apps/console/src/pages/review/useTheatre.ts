/** The tracks of an attempt in their video elements, on one clock; opened with the keys that were given out. */
import { fromBase64Url } from '@invigil/exam-core'
import { AddressBook, Conductor, TamperedError, TrackFeed, importTakeKey, listQuiet, openSegment, type Conducted, type FeedState, type FetchSegment, type PlayedTrack } from '@invigil/playback'
import { onScopeDispose, reactive, ref, shallowRef, type Ref, type ShallowRef } from 'vue'

import { api, take as taken, type Schemas } from '../../api.ts'
import { useLoudness, type Loudness } from './useLoudness.ts'

type Timeline = Schemas['TimelineAnswer']
export type TrackName = PlayedTrack['track']

export interface UseTheatreReturn {
  now: Conducted
  states: Record<TrackName, FeedState | 'absent'>
  isTampered: Readonly<Ref<boolean>>
  conductor: Readonly<ShallowRef<Conductor | null>>
  loudness: Readonly<ShallowRef<Loudness | null>>
  /** Play these tracks in these elements. keys: base64url by take. */
  open: (videos: Partial<Record<TrackName, HTMLVideoElement>>, keys: Record<string, string>) => Promise<void>
  skipQuiet: (isOn: boolean, instants: readonly number[]) => void
  hear: (track: TrackName | 'off') => void
}

export function useTheatre(timeline: Timeline): UseTheatreReturn {
  const window = { from_ms: timeline.from_ms, to_ms: timeline.to_ms }
  const now = reactive<Conducted>({ atMs: window.from_ms, isPlaying: false, isWaiting: false, rate: 1 })
  const states = reactive<Record<TrackName, FeedState | 'absent'>>({ screen: 'absent', camera: 'absent', phone: 'absent' })
  const isTampered = ref(false)
  const conductor = shallowRef<Conductor | null>(null)
  const loudness = shallowRef<Loudness | null>(null)
  const feeds = new Map<TrackName, TrackFeed>()

  function report(conducted: Conducted): void {
    Object.assign(now, conducted)
    for (const [name, feed] of feeds) {
      states[name] = feed.stateAt(conducted.atMs)
      isTampered.value ||= feed.fault instanceof TamperedError
    }
  }

  async function open(videos: Partial<Record<TrackName, HTMLVideoElement>>, raw: Record<string, string>): Promise<void> {
    close()
    const keys = new Map(await Promise.all(Object.entries(raw).map(async ([take, key]) => [take, await importTakeKey(fromBase64Url(key))] as const)))
    const fetchSegment = makeFetch(timeline.attempt_id, keys, openBook(timeline.attempt_id))
    for (const track of timeline.tracks as unknown as PlayedTrack[]) {
      const video = videos[track.track]
      if (video !== undefined && track.takes.length > 0) feeds.set(track.track, new TrackFeed(video, track, window, fetchSegment))
    }
    conductor.value = new Conductor([...feeds.values()], window, report)
    loudness.value = useLoudness(timeline.tracks as unknown as PlayedTrack[], window, fetchSegment, () => [...feeds.values()].some((feed) => feed.isLoading))
  }

  function close(): void {
    conductor.value?.close()
    loudness.value?.stop()
    feeds.clear()
  }

  function skipQuiet(isOn: boolean, instants: readonly number[]): void {
    if (conductor.value !== null) conductor.value.quiet = isOn ? listQuiet(window, instants) : []
  }

  function hear(heard: TrackName | 'off'): void {
    for (const [name, feed] of feeds) feed.video.muted = name !== heard
  }

  onScopeDispose(close)
  return { now, states, isTampered, conductor, loudness, open, skipQuiet, hear }
}

/** Addresses are asked for when they are needed. */
function openBook(attemptId: string): AddressBook {
  return new AddressBook((takeId, first, most) =>
    taken(api.GET('/api/review/attempts/{attempt_id}/takes/{take_id}/segments', { params: { path: { attempt_id: attemptId, take_id: takeId }, query: { first, most } } })),
  )
}

/** Fetch ciphertext, check it, open it. An address that is turned down has run out, and is asked for once more. */
function makeFetch(attemptId: string, keys: ReadonlyMap<string, CryptoKey>, book: AddressBook): FetchSegment {
  return async (track, take, seq, signal) => {
    const key = keys.get(take.take_id)
    if (key === undefined) throw new Error(`no key for ${take.take_id}`)
    const fetchOnce = async (isRefused: boolean) => {
      const segment = await book.find(take.take_id, seq, isRefused)
      return { segment, response: await fetch(segment.url, { signal, credentials: 'omit' }) }
    }
    let { segment, response } = await fetchOnce(false)
    if (response.status === 403) ({ segment, response } = await fetchOnce(true))
    if (!response.ok) throw new Error(`segment ${take.take_id}/${seq}: ${response.status}`)
    const ciphertext = new Uint8Array(await response.arrayBuffer())
    return openSegment(key, { attemptId, track: track.track, take }, segment, ciphertext)
  }
}
