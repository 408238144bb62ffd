import type { ServerMessage } from './generated.ts'

const KNOWN: ReadonlySet<string> = new Set<ServerMessage['type']>(['time', 'command', 'state'])

/** Return the message in a socket frame; null for what this page does not know, so an older page survives a newer server. */
export function readServerMessage(frame: unknown): ServerMessage | null {
  if (typeof frame !== 'string') return null
  try {
    const message = JSON.parse(frame) as { type?: unknown } | null
    return typeof message?.type === 'string' && KNOWN.has(message.type) ? (message as ServerMessage) : null
  } catch {
    return null // a broken frame is a frame this page does not know
  }
}
