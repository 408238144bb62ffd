/** The worker: everything that must go on while the page is busy, hidden or slow. See `messages.ts` for what it is told and tells. */
import { Store } from '../keeping/store.ts'
import type { FromWorker, Setup, ToWorker } from '../messages.ts'
import { Recorder } from './recorder.ts'

/** The worker's side of the line; the page's types of the same names stand for it. */
interface Line {
  postMessage(message: FromWorker, transfer?: Transferable[]): void
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null
}
const line = globalThis as unknown as Line

let recorder: Promise<Recorder> | null = null

async function start(setup: Setup): Promise<Recorder> {
  const made = new Recorder(await Store.open(), setup, (message, transfer = []) => line.postMessage(message, transfer))
  await made.prepare()
  line.postMessage({ type: 'ready' })
  return made
}

line.onmessage = ({ data }) => {
  if (data.type === 'setup') recorder ??= start(data.setup)
  else void recorder?.then((made) => made.hear(data))
}
