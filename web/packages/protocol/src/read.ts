import type { CheckInMessage, PhoneServerMessage, RecordingMessage, ServerMessage, StaffServerMessage } from './generated.ts'

const KNOWN: ReadonlySet<string> = new Set<ServerMessage['type']>(['time', 'command', 'state', 'stills', 'chat', 'hand', 'phone_track'])
const KNOWN_CHECK_IN: ReadonlySet<string> = new Set<CheckInMessage['type']>(['phone', 'phone_picture', 'checks'])
const KNOWN_RECORDING: ReadonlySet<string> = new Set<RecordingMessage['type']>(['committed', 'commit_refused'])
const KNOWN_TO_PHONE: ReadonlySet<string> = new Set<PhoneServerMessage['type']>(['time', 'state', 'stills', 'replaced', 'checks'])
const KNOWN_TO_STAFF: ReadonlySet<string> = new Set<StaffServerMessage['type']>(['snapshot', 'event', 'refused', 'time'])

/** Return the message in a socket frame; null for what this page does not know, so an older page survives a newer server. */
export function readServerMessage(frame: unknown): ServerMessage | null {
  return read<ServerMessage>(frame, KNOWN)
}

/** The same for news of the candidate's phone, on the candidate page's socket. */
export function readCheckInMessage(frame: unknown): CheckInMessage | null {
  return read<CheckInMessage>(frame, KNOWN_CHECK_IN)
}

/** The same for the answers to what the page's recorder declared, on both sockets of a candidate. */
export function readRecordingMessage(frame: unknown): RecordingMessage | null {
  return read<RecordingMessage>(frame, KNOWN_RECORDING)
}

/** The same for the phone's socket. */
export function readPhoneMessage(frame: unknown): PhoneServerMessage | null {
  return read<PhoneServerMessage>(frame, KNOWN_TO_PHONE)
}

/** The same for the staff socket's text frames. */
export function readStaffMessage(frame: unknown): StaffServerMessage | null {
  return read<StaffServerMessage>(frame, KNOWN_TO_STAFF)
}

function read<M>(frame: unknown, known: ReadonlySet<string>): M | null {
  if (typeof frame !== 'string') return null
  try {
    const message = JSON.parse(frame) as { type?: unknown } | null
    return typeof message?.type === 'string' && known.has(message.type) ? (message as M) : null
  } catch {
    return null // a broken frame is a frame this page does not know
  }
}
