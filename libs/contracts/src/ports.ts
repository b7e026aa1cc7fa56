/** Time as a port: production code passes the machine's clock, tests pass one they move by hand. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMs(): number
  /** Calls back once after `delayMs`; the returned function cancels it. The timer never keeps the process alive alone. */
  after(delayMs: number, callback: () => void): () => void
}

/** Source of identifiers, as a port. */
export interface Ids {
  /** A new identifier, unique across processes and restarts; at most 18 characters of A–Z, a–z, 0–9. */
  next(): string
}

/** Resolves after `delayMs` on the given clock. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve)
  })
}
