/** What is kept here, as it goes over the wire. */
import type { EndBody, GapBody, SegmentBody } from '../model.ts'
import type { KeptGap, KeptSegment, KeptTake } from '../keeping/store.ts'

export function toSegment(kept: KeptSegment): SegmentBody {
  const { take_id, seq, sha256, previous, bytes, p0_ms, p1_ms, at_ms } = kept
  return { take_id, seq, sha256, previous, bytes, p0_ms, p1_ms, at_ms }
}

export function toEnd(take: KeptTake): EndBody[] {
  return take.end === null ? [] : [take.end]
}

export function toGap(gap: KeptGap): GapBody {
  return { track: gap.track, from_ms: gap.from_ms, to_ms: gap.to_ms ?? gap.from_ms, cause: gap.cause }
}
