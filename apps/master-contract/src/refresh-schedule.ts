import type { Clock } from '@xts-bridge/contracts'
import { dateOfVersion } from '@xts-bridge/instruments'
import { indianDate, untilNextTimeMs } from './indian-time'

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 5 * 60_000

export interface RefreshScheduleOptions {
  readonly clock: Clock
  /** Minutes after midnight in India. */
  readonly timesOfDay: readonly number[]
  readonly keeper: { refresh(): Promise<unknown>; status(): { readonly version?: string | undefined } }
}

/**
 * Refreshes the list on start when it is not of today, at its times each day, and again after a failure: after 0.5 s,
 * then twice as long each time, up to five minutes, until one succeeds.
 */
export class RefreshSchedule {
  private cancelNextTime: () => void = () => undefined
  private cancelRetry: (() => void) | undefined
  private retryMs = FIRST_RETRY_MS
  private isRefreshing = false
  private isClosed = false

  constructor(private readonly options: RefreshScheduleOptions) {}

  start(): void {
    this.armNextTime()
    if (this.isStale()) void this.refresh()
  }

  /** A reason for failure has gone: a refresh that waits for its next attempt is tried at once. */
  retryNow(): void {
    if (this.cancelRetry === undefined) return
    this.retryMs = FIRST_RETRY_MS
    void this.refresh()
  }

  close(): void {
    this.isClosed = true
    this.cancelNextTime()
    this.cancelRetry?.()
  }

  private isStale(): boolean {
    const { clock, keeper } = this.options
    const { version } = keeper.status()
    return version === undefined || dateOfVersion(version) !== indianDate(clock.nowMs())
  }

  private armNextTime(): void {
    const { clock, timesOfDay } = this.options
    const waitMs = untilNextTimeMs(clock.nowMs(), timesOfDay)
    if (waitMs === undefined || this.isClosed) return
    this.cancelNextTime = clock.after(waitMs, () => {
      this.armNextTime()
      void this.refresh()
    })
  }

  private async refresh(): Promise<void> {
    this.cancelRetry?.()
    this.cancelRetry = undefined
    if (this.isRefreshing || this.isClosed) return
    this.isRefreshing = true
    try {
      await this.options.keeper.refresh()
      this.retryMs = FIRST_RETRY_MS
    } catch {
      // The keeper has recorded and published why; here it only matters that it is tried again.
      this.retryLater()
    } finally {
      this.isRefreshing = false
    }
  }

  private retryLater(): void {
    if (this.isClosed) return
    const waitMs = this.retryMs
    this.retryMs = Math.min(LONGEST_RETRY_MS, waitMs * 2)
    this.cancelRetry = this.options.clock.after(waitMs, () => void this.refresh())
  }
}
