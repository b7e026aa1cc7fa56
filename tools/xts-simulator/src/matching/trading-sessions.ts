import type { SimClock } from '../time/sim-clock'
import { SEGMENT_NAMES, type SegmentName } from '../universe/segments'
import { msOfIndianDay } from '../wire/indian-time'
import type { ExchangeChoices } from './exchange-choices'
import type { SessionChange, SessionPhase } from './session-phase'
import { hasHours, nextMomentAfter, phaseAt, squareOffTimeMs } from './session-profile'

/** What follows from the time of day. */
export interface SessionListener {
  sessionChanged(change: SessionChange): void
  /** The time has come to square off what is intraday in this segment. */
  squareOffDue(segment: SegmentName): void
}

/** The trading day of every segment, by the clock in India. */
export class TradingSessions {
  private readonly phases = new Map<SegmentName, SessionPhase>()
  private readonly squaredOff = new Set<SegmentName>()

  constructor(
    private readonly choices: ExchangeChoices,
    private readonly clock: SimClock,
  ) {
    this.look(undefined)
  }

  phaseOf(segment: SegmentName): SessionPhase {
    const { sessionProfile } = this.choices
    return sessionProfile === 'always-open' ? 'open' : phaseAt(sessionProfile, segment, this.clock.nowMs())
  }

  /** False once the intraday positions of a segment were squared off for the day. */
  takesIntraday(segment: SegmentName): boolean {
    const nowMs = this.clock.nowMs()
    if (!hasHours(this.choices.sessionProfile, nowMs)) return true
    return msOfIndianDay(nowMs) < squareOffTimeMs(segment, this.choices.misSquareOffAt)
  }

  /** Tells from now on what changes, when it changes. */
  start(listener: SessionListener): void {
    if (this.choices.sessionProfile === 'always-open') return
    const squareOffTimes = SEGMENT_NAMES.map((segment) =>
      squareOffTimeMs(segment, this.choices.misSquareOffAt),
    )
    const waitForNext = (): void => {
      const nowMs = this.clock.nowMs()
      this.clock.later(nextMomentAfter(nowMs, squareOffTimes) - nowMs, () => {
        this.look(listener)
        waitForNext()
      })
    }
    waitForNext()
  }

  /** Square-off first: it needs a market that is still open. */
  private look(listener: SessionListener | undefined): void {
    for (const segment of SEGMENT_NAMES) this.lookAtSquareOff(segment, listener)
    const atMs = this.clock.nowMs()
    for (const segment of SEGMENT_NAMES) {
      const phase = this.phaseOf(segment)
      const previous = this.phases.get(segment) ?? phase
      this.phases.set(segment, phase)
      if (phase !== previous) listener?.sessionChanged({ segment, phase, previous, atMs })
    }
  }

  private lookAtSquareOff(segment: SegmentName, listener: SessionListener | undefined): void {
    if (this.takesIntraday(segment)) {
      this.squaredOff.delete(segment)
    } else if (!this.squaredOff.has(segment)) {
      this.squaredOff.add(segment)
      listener?.squareOffDue(segment)
    }
  }
}
