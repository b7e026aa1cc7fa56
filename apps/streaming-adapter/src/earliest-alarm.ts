import type { Clock } from '@xts-bridge/contracts'

/** One alarm that many may ask for: the earliest wish wins, but never earlier than `holdOff` allows. */
export class EarliestAlarm {
  private notBeforeMs = 0
  private ringsAtMs = Number.POSITIVE_INFINITY
  private cancel: (() => void) | undefined

  constructor(
    private readonly clock: Clock,
    private readonly ring: () => void,
  ) {}

  ringWithin(delayMs: number): void {
    const atMs = Math.max(this.clock.nowMs() + delayMs, this.notBeforeMs)
    if (atMs >= this.ringsAtMs) return
    this.silence()
    this.ringsAtMs = atMs
    this.cancel = this.clock.after(atMs - this.clock.nowMs(), () => {
      this.silence()
      this.ring()
    })
  }

  /** No ring before this much time has passed, whoever asks. */
  holdOff(forMs: number): void {
    this.notBeforeMs = this.clock.nowMs() + forMs
  }

  silence(): void {
    this.cancel?.()
    this.cancel = undefined
    this.ringsAtMs = Number.POSITIVE_INFINITY
  }
}
