const FIRST_MS = 500
const LONGEST_MS = 10_000

/** Waits of 0.5, 1, 2, 4, 8 s, then 10 s each, until reset. */
export class RetryDelay {
  private nextDelayMs = FIRST_MS

  nextMs(): number {
    const delayMs = this.nextDelayMs
    this.nextDelayMs = Math.min(LONGEST_MS, delayMs * 2)
    return delayMs
  }

  reset(): void {
    this.nextDelayMs = FIRST_MS
  }
}
