import type { SegmentName } from '../universe/segments'

/** Where a segment stands in its trading day. Orders are taken in the first three. */
export type SessionPhase = 'pre-open' | 'open' | 'closing' | 'closed'

/** A segment comes to another phase of its day. */
export interface SessionChange {
  readonly segment: SegmentName
  readonly phase: SessionPhase
  readonly previous: SessionPhase
  readonly atMs: number
}
