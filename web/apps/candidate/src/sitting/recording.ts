/**
 * The recording of this page's attempt: follows the streams that check-in opened, and says how every track stands. It outlives the
 * way from the desk to the receipt, until the server has everything. What starts and stops the server writes down, from these reports. Source: S3.3, S3.14, P3
 */
import { CommitLine, type Recorder, type RecorderView, type Track } from '@invigil/media'
import type { CommitMessage, RecordingMessage, StillsMessage, TrackReport } from '@invigil/protocol'
import { computed, shallowRef, watch, type ComputedRef } from 'vue'

import { needsCheckIn } from '../checkin/gate.ts'
import { releaseStreams, streams } from '../checkin/streams.ts'
import { credentials } from '../http/request.ts'
import type { EntryAnswer } from '../http/types.ts'
import { attempt, type AttemptPhase } from './attempt.ts'
import { isPending } from './saving.ts'
import { serverNow } from './server-clock.ts'

export type OwnTrack = 'screen' | 'camera'
const OWN: readonly OwnTrack[] = ['camera', 'screen']
const RECORDED: ReadonlySet<AttemptPhase> = new Set(['waiting', 'answering', 'paused'])
const DRAIN_LOOK_MS = 2_000

let recorder: Recorder | null = null
let recordedAttempt = ''
let ticket = ''
const given: Record<OwnTrack, MediaStream | null> = { screen: null, camera: null }

/** How the recording stands; null while nothing is recorded here. */
export const recording = shallowRef<RecorderView | null>(null)

/** Set by the socket: where stills go. */
export const stillOutlet: { send: ((track: Track, atMs: number, jpeg: Uint8Array) => void) | null } = { send: null }

/** Set by the socket: where commits go; returns false while it is not open. */
export const commitOutlet: { send: ((message: CommitMessage) => boolean) | null } = { send: null }
const line = new CommitLine((message) => commitOutlet.send?.(message) ?? false)
let isLinked = false

/** The tracks of this computer that the sitting wants. */
export const wantedTracks: ComputedRef<OwnTrack[]> = computed(() => OWN.filter((track) => attempt.entry?.recording?.rules.tracks.includes(track)))

/** The wanted tracks that do not run, with the cause, for the page to say and to mend. A track that is just starting is none of them. */
export const stoppedTracks = computed(() => {
  const view = recording.value
  if (view === null || !RECORDED.has(attempt.phase)) return []
  return wantedTracks.value.map((track) => ({ ...view.tracks[track], track })).filter(({ state }) => state === 'stopped' || state === 'off')
})

/** Everything is kept by the server: the page may be closed. True as well when nothing was recorded here. */
export const isDrained = computed(() => recording.value === null || recording.value.isDrained)

/** Begin to record, or to send what earlier pages of this attempt left behind. Does nothing for a sitting without recording. */
export async function startRecording(entry: EntryAnswer): Promise<void> {
  if (entry.recording === undefined) return
  ticket = credentials.ticket
  if (recordedAttempt === entry.attempt_id) return void recorder?.renewHeaders()
  if (recorder !== null) retire(recorder)
  Object.assign(given, { screen: null, camera: null })
  recorder = null
  recordedAttempt = entry.attempt_id
  const made = await makeFor(entry)
  if (made === null) return
  recorder = made
  made.setLinked(isLinked)
  followAttempt()
}

async function makeFor(entry: EntryAnswer): Promise<Recorder | null> {
  const { makeRecorder } = await import('../recording/making.ts')
  if (recordedAttempt !== entry.attempt_id || entry.recording === undefined) return null
  // An old recorder goes on with the ticket of its own attempt.
  let own = ticket
  return makeRecorder({
    attemptId: entry.attempt_id,
    publicKey: entry.recording.public_key,
    rules: entry.recording.rules,
    now: serverNow,
    headers: () => {
      if (recordedAttempt === entry.attempt_id) own = ticket
      return { 'Invigil-Ticket': own, 'X-Invigil-CSRF': credentials.csrf }
    },
    onChange: noteChange,
    // Over the socket of its own attempt alone.
    commit: (body) => (recordedAttempt === entry.attempt_id ? line.ask(body) : Promise.resolve(null)),
    onStill: (track, atMs, jpeg) => stillOutlet.send?.(track, atMs, jpeg),
  })
}

/** What another attempt left goes on being sent; then its recorder ends. */
function retire(old: Recorder): void {
  const timer = setInterval(() => {
    if (!old.view().isDrained) return
    clearInterval(timer)
    old.close()
  }, DRAIN_LOOK_MS)
}

function noteChange(): void {
  recording.value = recorder?.view() ?? null
}

/** Give the recorder what stands there, and end it with the attempt. */
function followAttempt(): void {
  noteChange()
  const { phase } = attempt
  if (recorder === null || attempt.entry?.attempt_id !== recordedAttempt) return
  if (RECORDED.has(phase)) giveStreams(recorder)
  else if (phase === 'closed' || phase === 'moved') conclude(recorder, phase === 'closed' ? 'finished' : 'replaced')
}

function giveStreams(to: Recorder): void {
  to.reopen()
  for (const track of OWN) {
    const stream = streams[track]
    if (stream !== null && stream !== given[track]) {
      given[track] = stream
      to.record(track, stream)
    } else if (stream === null && isMissing(track)) {
      to.declareStandstill(track, 'not_granted', Math.round(Math.max(attempt.startsAt, serverNow())))
    }
  }
}

/** Before the check-in is through, nothing stands still: who checks in after T0 has not refused anything. */
function isMissing(track: OwnTrack): boolean {
  return attempt.phase === 'answering' && !needsCheckIn.value && given[track] === null && wantedTracks.value.includes(track)
}

function conclude(which: Recorder, cause: 'finished' | 'replaced'): void {
  Object.assign(given, { screen: null, camera: null })
  which.finish(cause)
  releaseStreams()
}

/** The attempt was over before this page came: nothing is recorded, what was left behind is sent. */
export async function drainRecording(entry: EntryAnswer): Promise<void> {
  await startRecording(entry)
  recorder?.finish('finished')
}

/** How this computer's tracks stand, as the proctor's board reads it. */
export function trackReports(): TrackReport[] {
  const view = recording.value
  if (view === null) return []
  return wantedTracks.value.map((track) => {
    const { state, cause, takeId, localSeq, waitingBytes, sinceMs } = view.tracks[track]
    return { track, state, cause: cause ?? '', take_id: takeId ?? '', local_seq: localSeq, pending_bytes: waitingBytes, since_ms: sinceMs }
  })
}

/** Changes whenever a report is due at once. */
export const trackNews = computed(() => wantedTracks.value.map((track) => `${recording.value?.tracks[track].state}/${recording.value?.tracks[track].takeId}`).join())

/** The server says which stills are being looked at. */
export function sendStills({ tracks, interval_ms: intervalMs }: Pick<StillsMessage, 'tracks' | 'interval_ms'>): void {
  recorder?.sendStills(tracks.filter((track) => track !== 'phone'), intervalMs)
}

/** The socket was opened, or is gone. */
export function linkRecording(isOpen: boolean): void {
  isLinked = isOpen
  if (!isOpen) line.drop()
  recorder?.setLinked(isOpen)
}

/** The server answers what the recorder declared. */
export function hearRecording(message: RecordingMessage): void {
  line.hear(message)
}

/** The line may be free again. */
export function wakeRecording(): void {
  recorder?.wake()
}

watch([() => attempt.phase, needsCheckIn, () => streams.camera, () => streams.screen], followAttempt)
// Answers go first, whatever waits.
watch(isPending, (pending) => recorder?.hold(pending))

/** After the hand-in the page is only needed until the last segment has left: say so when somebody closes it before. */
addEventListener('beforeunload', (event) => {
  if (attempt.phase !== 'answering' && !isDrained.value && (recording.value?.waitingSegments ?? 0) > 0) event.preventDefault()
})
