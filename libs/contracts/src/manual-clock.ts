import type { Clock } from './ports'

interface Alarm {
  readonly dueAtMs: number
  readonly callback: () => void
}

/** A clock that moves only when told, for tests and simulations: alarms ring in order of their time. */
export class ManualClock implements Clock {
  private alarms: Alarm[] = []

  constructor(private atMs = 1_700_000_000_000) {}

  nowMs(): number {
    return this.atMs
  }

  after(delayMs: number, callback: () => void): () => void {
    const alarm: Alarm = { dueAtMs: this.atMs + Math.max(0, delayMs), callback }
    this.alarms.push(alarm)
    return () => {
      this.alarms = this.alarms.filter((other) => other !== alarm)
    }
  }

  /** Moves time forward, ringing every alarm on the way, and lets promise callbacks run after each. */
  async advance(byMs: number): Promise<void> {
    const endAtMs = this.atMs + byMs
    await letPromisesRun()
    for (let next = this.nextDueBy(endAtMs); next !== undefined; next = this.nextDueBy(endAtMs)) {
      this.atMs = Math.max(this.atMs, next.dueAtMs)
      this.alarms = this.alarms.filter((other) => other !== next)
      next.callback()
      await letPromisesRun()
    }
    this.atMs = Math.max(this.atMs, endAtMs)
    await letPromisesRun()
  }

  private nextDueBy(endAtMs: number): Alarm | undefined {
    const due = this.alarms.filter((alarm) => alarm.dueAtMs <= endAtMs)
    return due.reduce<Alarm | undefined>(
      (first, alarm) => (first && first.dueAtMs <= alarm.dueAtMs ? first : alarm),
      undefined,
    )
  }
}

/** One turn of the event loop, so that promise chains and I/O callbacks that are due run. */
async function letPromisesRun(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
