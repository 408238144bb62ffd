// Until the lead's generator writes this file from Python, it is kept by hand. Times are ISO 8601 UTC.

export type CommandKind = 'message' | 'warning' | 'pause' | 'resume' | 'extra_time' | 'reopen' | 'lock' | 'force_hand_in' | 'seat_revoked'

/** Server → page: the server's clock. */
export interface TimeMessage {
  type: 'time'
  server_time: string
}

/** Server → page: staff or the system acts on this attempt. */
export interface CommandMessage {
  type: 'command'
  id: string
  kind: CommandKind
  text: string
  /** The new deadline, for extra_time, pause and resume. */
  deadline: string | null
  reason: string
  requires_ack: boolean
}

/** Server → page: how the attempt stands; sent after hello and after every change. */
export interface StateMessage {
  type: 'state'
  state: string
  deadline: string | null
  paused: boolean
}

export type ServerMessage = TimeMessage | CommandMessage | StateMessage

/** Page → server: the first message. */
export interface HelloMessage {
  type: 'hello'
  ticket: string
}

/** Page → server: every ten seconds. */
export interface HeartbeatMessage {
  type: 'heartbeat'
  seq: number
  pending: boolean
}

/** Page → server: the candidate pressed 我知道了. */
export interface AckMessage {
  type: 'ack'
  id: string
}

export type ClientMessage = HelloMessage | HeartbeatMessage | AckMessage
