/** The only source of time here: what o'clock it is, and what happens later. */
export interface SimClock {
  /** Epoch milliseconds. */
  nowMs(): number
  /** Runs something once, later; the result takes it back. What is due at one time runs in the order it was asked. */
  later(delayMs: number, run: () => void): () => void
  /** Runs something again and again, first after one period; the result ends it. */
  every(periodMs: number, run: () => void): () => void
  /** Drops everything that is still to come. */
  close(): void
}

/** The time of the machine. */
export class WallClock implements SimClock {
  private readonly cancels = new Set<() => void>()
  private isClosed = false

  nowMs(): number {
    return Date.now()
  }

  later(delayMs: number, run: () => void): () => void {
    if (this.isClosed) return doNothing
    const cancel = (): void => {
      this.cancels.delete(cancel)
      stop()
    }
    const fire = (): void => {
      this.cancels.delete(cancel)
      run()
    }
    const stop = startTimer(delayMs, fire)
    this.cancels.add(cancel)
    return cancel
  }

  every(periodMs: number, run: () => void): () => void {
    if (this.isClosed) return doNothing
    const interval = setInterval(run, Math.max(1, periodMs))
    const cancel = (): void => {
      this.cancels.delete(cancel)
      clearInterval(interval)
    }
    this.cancels.add(cancel)
    return cancel
  }

  close(): void {
    this.isClosed = true
    for (const cancel of [...this.cancels]) cancel()
  }
}

const doNothing = (): void => undefined

function startTimer(delayMs: number, fire: () => void): () => void {
  if (delayMs <= 0) {
    const immediate = setImmediate(fire)
    return () => clearImmediate(immediate)
  }
  const timeout = setTimeout(fire, delayMs)
  return () => clearTimeout(timeout)
}
