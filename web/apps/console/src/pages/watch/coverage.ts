/** A recorded track as a bar: what is stored, what is missing. Pure. */
import type { Schemas } from '../../api.ts'
import { inLanguage } from '../../language.ts'

type Track = Schemas['TrackCoverageAnswer']

export interface BarPiece {
  kind: 'stored' | 'gap'
  /** Shares of the bar, 0..1. */
  left: number
  width: number
  fromMs: number
  toMs: number
  /** Why it is missing; "" for what is stored. */
  cause: string
}

/** Return the pieces of the bar by time; none before the track had to be recorded. */
export function piecesOf(track: Track): BarPiece[] {
  const window = track.window
  if (!window || window.to_ms <= window.from_ms) return []
  const length = window.to_ms - window.from_ms
  const pieceOf = (kind: BarPiece['kind'], from: number, to: number, cause: string): BarPiece => {
    const [fromMs, toMs] = [Math.max(from, window.from_ms), Math.min(to, window.to_ms)]
    return { kind, left: (fromMs - window.from_ms) / length, width: Math.max(0, (toMs - fromMs) / length), fromMs, toMs, cause }
  }
  return [
    ...track.stored.map((one) => pieceOf('stored', one.from_ms, one.to_ms, '')),
    ...track.gaps.map((one) => pieceOf('gap', one.from_ms, one.to_ms, inLanguage(one.cause_zh, one.cause_en))),
  ]
    .filter((piece) => piece.width > 0)
    .sort((one, other) => one.fromMs - other.fromMs)
}

/** Return how much of the window is stored, 0..1; null before there is one. */
export function shareStored(track: Track): number | null {
  const pieces = piecesOf(track)
  if (pieces.length === 0) return null
  return Math.min(1, pieces.filter((piece) => piece.kind === 'stored').reduce((sum, piece) => sum + piece.width, 0))
}
