import type { SessionChange, SessionPhase } from '../matching/session-phase'
import type { SegmentName } from '../universe/segments'

/** Something an exchange tells all its members. */
export interface ExchangeBulletin {
  readonly segment: SegmentName
  readonly atMs: number
  readonly text: string
  /** Counts from 1 in each segment. */
  readonly sequence: number
}

const MOST_KEPT = 500

const WORDS: Readonly<Record<SessionPhase, string>> = {
  'pre-open': 'Pre-open session has started.',
  open: 'Normal market is open.',
  closing: 'Closing session has started.',
  closed: 'Normal market is closed.',
}

/** What the exchanges told today, the oldest first; beyond the most that is kept the oldest go. */
export class ExchangeBulletins {
  private readonly bySegment = new Map<SegmentName, ExchangeBulletin[]>()

  phaseChanged({ segment, phase, atMs }: Omit<SessionChange, 'previous'>): void {
    this.add(segment, WORDS[phase], atMs)
  }

  add(segment: SegmentName, text: string, atMs: number): void {
    const told = this.bySegment.get(segment) ?? []
    this.bySegment.set(segment, told)
    told.push({ segment, atMs, text, sequence: (told.at(-1)?.sequence ?? 0) + 1 })
    if (told.length > MOST_KEPT) told.shift()
  }

  of(segment: SegmentName): readonly ExchangeBulletin[] {
    return this.bySegment.get(segment) ?? []
  }
}
