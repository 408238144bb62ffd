/** Make the recorder and its worker. Loaded only when a sitting is recorded. */
import { createRecorder, type Recorder, type RecorderOptions } from '@invigil/media'

import { trustOwnScript } from '../offline-shell.ts'
import workerUrl from './segments.worker.ts?worker&url'

export function makeRecorder(options: Omit<RecorderOptions, 'worker'>): Recorder {
  return createRecorder({ ...options, worker: new Worker(trustOwnScript(workerUrl), { type: 'module' }) })
}
