/** Something that runs things a little later. */
export interface Later {
  later(delayMs: number, run: () => void): void
}

/** Runs things a little later and can drop everything that is still to come. Equal delays keep their order. */
export class Timers implements Later {
  private readonly cancels = new Set<() => void>()
  private isClosed = false

  later(delayMs: number, run: () => void): void {
    if (this.isClosed) return
    const cancel = (): void => stop()
    const fire = (): void => {
      this.cancels.delete(cancel)
      run()
    }
    const stop = startTimer(delayMs, fire)
    this.cancels.add(cancel)
  }

  close(): void {
    this.isClosed = true
    for (const cancel of this.cancels) cancel()
    this.cancels.clear()
  }
}

function startTimer(delayMs: number, fire: () => void): () => void {
  if (delayMs <= 0) {
    const immediate = setImmediate(fire)
    return () => clearImmediate(immediate)
  }
  const timeout = setTimeout(fire, delayMs)
  return () => clearTimeout(timeout)
}
