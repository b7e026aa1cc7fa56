import { DueQueue, type Due } from './due-queue'
import type { SimClock } from './sim-clock'

/** Time that stands still until it is told to go on; then everything due happens in order, in the same turn. */
export class VirtualClock implements SimClock {
  private readonly waiting = new DueQueue()
  private isClosed = false

  /** `stepMs` passes before each request. */
  constructor(
    private currentMs: number,
    readonly stepMs = 1,
  ) {}

  nowMs(): number {
    return this.currentMs
  }

  /** How many things are still to come. */
  get waitingCount(): number {
    return this.waiting.count
  }

  later(delayMs: number, run: () => void): () => void {
    return this.at(this.currentMs + Math.max(0, delayMs), run)
  }

  /** The rounds keep to the period however crooked it is: a third of a second comes three times a second. */
  every(periodMs: number, run: () => void): () => void {
    const beganAtMs = this.currentMs
    const period = Math.max(1, periodMs)
    let rounds = 0
    let cancel = (): void => undefined
    const plan = (): void => {
      rounds += 1
      cancel = this.at(beganAtMs + rounds * period, () => {
        plan()
        run()
      })
    }
    plan()
    return () => cancel()
  }

  /** Goes on by so much; what becomes due on the way, and what that puts off within the way, happens at its own time. */
  advanceBy(ms: number): void {
    this.advanceUntil(this.currentMs + Math.max(0, Math.round(ms)), Infinity)
  }

  /** Like `advanceBy`, and stops after so many things that were due; false when there is more to do on the way. */
  advanceUntil(untilMs: number, mostThings: number): boolean {
    for (let things = 0; ; things++) {
      const next = this.waiting.peek()
      if (!next || next.atMs > untilMs) break
      if (things >= mostThings) return false
      this.waiting.take()
      this.currentMs = Math.max(this.currentMs, next.atMs)
      next.run()
    }
    this.currentMs = Math.max(this.currentMs, untilMs)
    return true
  }

  close(): void {
    this.isClosed = true
    this.waiting.clear()
  }

  /** Whole milliseconds, as the clock of a machine has them. */
  private at(atMs: number, run: () => void): () => void {
    if (this.isClosed) return () => undefined
    const due: Due = this.waiting.add(Math.round(atMs), run)
    return () => this.waiting.cancel(due)
  }
}
