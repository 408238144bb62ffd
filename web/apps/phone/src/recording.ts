/**
 * The recording of the phone's track: begins when everything is placed, ends with the attempt. What starts and stops the server writes
 * down, from this page's reports. Source: S3.3, S3.14
 */
import { CommitLine, createRecorder, type Recorder, type RecorderView } from '@invigil/media'
import type { CommitMessage, RecordingMessage, TrackReport } from '@invigil/protocol'
import { shallowRef, watch } from 'vue'

import { releasePhone, streams } from './capture/streams.ts'
import { serverNow } from './clock.ts'
import { pass } from './http.ts'
import workerUrl from './segments.worker.ts?worker&url'
import { phone } from './state.ts'

const OWN_SCRIPT = /^\/phone\/assets\/segments\.worker-[\w-]+\.js$/

export const recording = shallowRef<RecorderView | null>(null)
/** Set by the socket: where stills go. */
export const outlet: { send: ((atMs: number, jpeg: Uint8Array) => void) | null } = { send: null }

/** Set by the socket: where commits go; returns false while it is not open. */
export const commitOutlet: { send: ((message: CommitMessage) => boolean) | null } = { send: null }
const line = new CommitLine((message) => commitOutlet.send?.(message) ?? false)
let isLinked = false

let recorder: Recorder | null = null
let interval = 10_000

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string }
}

/** Return the address as the browser wants it for a worker. Throws TypeError when it is not ours. */
function trustOwn(url: string): string {
  const rules = {
    createScriptURL: (given: string) => {
      if (!OWN_SCRIPT.test(given) && !import.meta.env.DEV) throw new TypeError(`not our script: ${given}`)
      return given
    },
  }
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes
  return (policies?.createPolicy('invigil', rules) ?? rules).createScriptURL(url)
}

export function startRecording(): void {
  const { entry } = phone
  if (entry === null) return
  recorder ??= createRecorder({
    attemptId: entry.attempt_id,
    publicKey: entry.recording.public_key,
    rules: entry.recording.rules,
    worker: new Worker(trustOwn(workerUrl), { type: 'module' }),
    headers: () => ({ 'Invigil-Phone': pass.ticket }),
    now: serverNow,
    stopsWhenHidden: true,
    onChange: () => (recording.value = recorder?.view() ?? null),
    onStill: (_track, atMs, jpeg) => outlet.send?.(atMs, jpeg),
    commit: line.ask,
  })
  recorder.setLinked(isLinked)
  if (streams.phone !== null) recorder.record('phone', streams.phone)
  recorder.sendStills(['phone'], interval)
  recording.value = recorder.view()
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

/** Which stills the server wants now; before the recording the page sends its own. */
export function sendStills(intervalMs: number): void {
  interval = intervalMs
  recorder?.sendStills(['phone'], intervalMs)
}

export function finishRecording(why: 'finished' | 'replaced'): void {
  recorder?.finish(why)
  releasePhone()
}

/** How the track stands, as the proctor's board reads it; null before the recording. */
export function trackReport(): TrackReport | null {
  const view = recording.value?.tracks.phone
  if (view === undefined) return null
  const { state, cause, takeId, localSeq, waitingBytes, sinceMs } = view
  return { track: 'phone', state, cause: cause ?? '', take_id: takeId ?? '', local_seq: localSeq, pending_bytes: waitingBytes, since_ms: sinceMs }
}

watch(
  () => streams.phone,
  (stream) => {
    if (recorder !== null && stream !== null && phone.stage === 'recording') recorder.record('phone', stream)
  },
)
