import type { SimClock } from '../time/sim-clock'

/** Markets move in turns, so that many subscriptions do not all tick in the same instant. */
const TURNS_PER_ROUND = 10
const SHORTEST_TURN_MS = 5
/** A process that could not keep up does not try to catch up with more than this. */
const LONGEST_CATCH_UP_MS = 100

/** Something that moves a little when it is told to. */
export interface Stepping {
  step(): void
}

export interface RoundParts {
  readonly clock: SimClock
  readonly stepsPerSecond: number
  /** The markets that move now. Asked for once a round. */
  readonly markets: () => readonly Stepping[]
  /** After some markets took a step, each at most one. */
  readonly moved: () => void
}

/** Lets every market take its steps, evenly over the second. */
export class FeedRounds {
  private markets: readonly Stepping[] = []
  private place = 0
  private due = 0
  private lastTurnMs = 0
  private end: (() => void) | undefined

  constructor(private readonly parts: RoundParts) {}

  start(): void {
    const { clock, stepsPerSecond } = this.parts
    if (stepsPerSecond <= 0) return
    this.lastTurnMs = clock.nowMs()
    const turnMs = Math.max(SHORTEST_TURN_MS, 1000 / (stepsPerSecond * TURNS_PER_ROUND))
    this.end = clock.every(turnMs, () => this.takeTurn())
  }

  /** The markets are others now; the round goes on with them. */
  changed(): void {
    this.place = Number.MAX_SAFE_INTEGER
  }

  close(): void {
    this.end?.()
  }

  private takeTurn(): void {
    const nowMs = this.parts.clock.nowMs()
    const elapsedMs = Math.min(nowMs - this.lastTurnMs, LONGEST_CATCH_UP_MS)
    this.lastTurnMs = nowMs
    if (this.place >= this.markets.length) this.beginRound()
    this.due += (this.markets.length * this.parts.stepsPerSecond * elapsedMs) / 1000
    while (this.due >= 1 && this.markets.length > 0) this.stepSome()
  }

  /** To the end of the round at most, so that nobody's two steps become one tick. */
  private stepSome(): void {
    if (this.place >= this.markets.length) this.beginRound()
    const end = Math.min(this.markets.length, this.place + Math.floor(this.due))
    this.due -= end - this.place
    for (; this.place < end; this.place++) this.markets[this.place]?.step()
    this.parts.moved()
  }

  private beginRound(): void {
    this.markets = this.parts.markets()
    this.place = 0
    if (this.markets.length === 0) this.due = 0
  }
}
