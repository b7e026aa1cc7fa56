import type { Clock, InstrumentsStatus } from '@xts-bridge/contracts'
import { dateOfVersion } from '@xts-bridge/instruments'
import { indianDate, untilNextTimeMs } from './indian-time'
import type { ListSegment } from './list-segments'

/** The time of day is looked at this often, so that a clock that was set, or a machine that slept, misses nothing. */
const LOOK_EVERY_MS = 60_000

export interface RefreshScheduleOptions {
  readonly clock: Clock
  /** Minutes after midnight in India. */
  readonly timesOfDay: readonly number[]
  /** Before the first attempt after a failure, and at most before any. */
  readonly retry: { readonly firstMs: number; readonly mostMs: number }
  readonly keeper: {
    readonly refusedSegments: readonly ListSegment[]
    status(): Pick<InstrumentsStatus, 'version' | 'lastProblem'>
    refresh(only?: readonly ListSegment[]): Promise<unknown>
  }
}

/**
 * Refreshes the list on start when it is not of today, at its times each day, and again after a failure: soon, then
 * twice as long each time up to a limit, until all of it is there. Segments that alone were refused are retried alone.
 */
export class RefreshSchedule {
  private cancelLook: () => void = () => undefined
  private cancelRetry: (() => void) | undefined
  private dueAtMs = Number.POSITIVE_INFINITY
  private retryMs: number
  private isWholeListMissing = false
  private isRefreshing = false
  private isClosed = false

  constructor(private readonly options: RefreshScheduleOptions) {
    this.retryMs = options.retry.firstMs
  }

  start(): void {
    this.dueAtMs = this.nextTimeMs()
    this.look()
    const refused = this.options.keeper.refusedSegments
    if (this.isStale()) void this.refresh()
    else if (refused.length > 0) void this.refresh(refused)
  }

  /** A reason for failure has gone: a refresh that waits for its next attempt is tried at once. */
  retryNow(): void {
    if (this.cancelRetry === undefined) return
    this.retryMs = this.options.retry.firstMs
    this.retry()
  }

  close(): void {
    this.isClosed = true
    this.cancelLook()
    this.cancelRetry?.()
  }

  private isStale(): boolean {
    const { clock, keeper } = this.options
    const { version } = keeper.status()
    return version === undefined || dateOfVersion(version) !== indianDate(clock.nowMs())
  }

  private nextTimeMs(): number {
    const { clock, timesOfDay } = this.options
    const nowMs = clock.nowMs()
    return nowMs + (untilNextTimeMs(nowMs, timesOfDay) ?? Number.POSITIVE_INFINITY)
  }

  /** A clock set back makes an earlier time due again; one set forward past several makes them due once. */
  private look(): void {
    if (this.isClosed) return
    const { clock } = this.options
    const isDue = clock.nowMs() >= this.dueAtMs
    this.dueAtMs = isDue ? this.nextTimeMs() : Math.min(this.dueAtMs, this.nextTimeMs())
    if (isDue) void this.refresh()
    const waitMs = Math.min(LOOK_EVERY_MS, Math.max(1, this.dueAtMs - clock.nowMs()))
    this.cancelLook = clock.after(waitMs, () => this.look())
  }

  private retry(): void {
    const { refusedSegments } = this.options.keeper
    if (this.isWholeListMissing || refusedSegments.length === 0) void this.refresh()
    else void this.refresh(refusedSegments)
  }

  private async refresh(only?: readonly ListSegment[]): Promise<void> {
    this.cancelRetry?.()
    this.cancelRetry = undefined
    if (this.isRefreshing || this.isClosed) return
    this.isRefreshing = true
    const { keeper } = this.options
    try {
      await keeper.refresh(only)
      this.isWholeListMissing = false
      if (keeper.refusedSegments.length > 0) this.retryLater()
      else this.retryMs = this.options.retry.firstMs
    } catch {
      // The keeper has recorded and published why; here it only matters that it is tried again.
      if (only === undefined) this.isWholeListMissing = true
      this.retryLater()
    } finally {
      this.isRefreshing = false
    }
  }

  private retryLater(): void {
    if (this.isClosed) return
    const waitMs = this.retryMs
    this.retryMs = Math.min(this.options.retry.mostMs, waitMs * 2)
    this.cancelRetry = this.options.clock.after(waitMs, () => {
      // Someone may have asked for a refresh meanwhile, and it went well.
      if (this.options.keeper.status().lastProblem === undefined && !this.isStale())
        this.cancelRetry = undefined
      else this.retry()
    })
  }
}
