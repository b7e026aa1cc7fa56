import type { SimClock } from './sim-clock'

interface Due {
  readonly atMs: number
  readonly place: number
  readonly run: () => void
}

/** Time that stands still until it is told to go on; then everything due happens in order, in the same turn. */
export class VirtualClock implements SimClock {
  private readonly waiting = new Set<Due>()
  private places = 0
  private isClosed = false

  constructor(private currentMs: number) {}

  nowMs(): number {
    return this.currentMs
  }

  later(delayMs: number, run: () => void): () => void {
    if (this.isClosed) return () => undefined
    const due = { atMs: this.currentMs + Math.max(0, delayMs), place: this.places++, run }
    this.waiting.add(due)
    return () => this.waiting.delete(due)
  }

  every(periodMs: number, run: () => void): () => void {
    let cancel = (): unknown => undefined
    const again = (): void => {
      cancel = this.later(Math.max(1, periodMs), again)
      run()
    }
    cancel = this.later(Math.max(1, periodMs), again)
    return () => cancel()
  }

  /** Goes on by so much; what becomes due on the way, and what that puts off within the way, happens at its own time. */
  advanceBy(ms: number): void {
    const untilMs = this.currentMs + Math.max(0, ms)
    for (let next = this.firstUntil(untilMs); next; next = this.firstUntil(untilMs)) {
      this.waiting.delete(next)
      this.currentMs = Math.max(this.currentMs, next.atMs)
      next.run()
    }
    this.currentMs = untilMs
  }

  close(): void {
    this.isClosed = true
    this.waiting.clear()
  }

  private firstUntil(untilMs: number): Due | undefined {
    let first: Due | undefined
    for (const due of this.waiting) {
      if (due.atMs > untilMs) continue
      if (!first || due.atMs < first.atMs || (due.atMs === first.atMs && due.place < first.place)) first = due
    }
    return first
  }
}
