import type { Clock } from '@xts-bridge/contracts'

/** Lets requests wait until something known changed in the way they need. */
export class Changes {
  private readonly checks = new Set<() => void>()

  constructor(private readonly clock: Clock) {}

  /** Something may be different now: every waiting condition is looked at again. */
  notify(): void {
    for (const check of [...this.checks]) check()
  }

  /** True as soon as `holds` does, false when it still does not at `untilMs`. */
  waitUntil(holds: () => boolean, untilMs: number): Promise<boolean> {
    if (holds()) return Promise.resolve(true)
    const leftMs = untilMs - this.clock.nowMs()
    if (leftMs <= 0) return Promise.resolve(false)
    return new Promise((resolve) => {
      const finish = (result: boolean): void => {
        this.checks.delete(check)
        cancelAlarm()
        resolve(result)
      }
      const check = (): void => {
        if (holds()) finish(true)
      }
      const cancelAlarm = this.clock.after(leftMs, () => finish(holds()))
      this.checks.add(check)
    })
  }
}
