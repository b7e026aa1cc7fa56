import {
  AppError,
  type DiffCounts,
  type GateFailure,
  type InstrumentEventTopic,
  type InstrumentsRefused,
  type InstrumentsStatus,
  type RefreshProgress,
} from '@xts-bridge/contracts'
import type { InstrumentStore } from '@xts-bridge/instruments'
import { listSegmentNamed, type ListSegment } from './list-segments'
import { describeFailure, type RefreshedList, type RefreshInstruments } from './refresh-instruments'

/** One refresh, as it ended: every segment replaced, some, or none. */
export interface RefreshRecord {
  readonly tookMs: number
  readonly outcome: 'swapped' | 'partly' | 'refused'
  readonly list?: RefreshedList
  readonly problem?: string
  readonly failures: readonly GateFailure[]
}

export interface ListKeeperOptions {
  readonly store: InstrumentStore
  readonly refresh: Pick<RefreshInstruments, 'run'>
  /** Brings file, table and pointer together after a refresh that broke off. */
  readonly repair: () => Promise<void>
  readonly nowMs: () => number
  readonly publish: (topic: InstrumentEventTopic, data: unknown) => void
  readonly onRefreshed: (record: RefreshRecord) => void
}

/** The list in force: what it is, and how it is replaced. One refresh at a time; who asks during one gets its outcome. */
export class ListKeeper {
  private running: Promise<InstrumentsStatus> | undefined
  private lastProblem: string | undefined
  private lastRefreshAtMs: number | undefined
  private progress: RefreshProgress | undefined
  private diff: DiffCounts | undefined
  private refused: readonly GateFailure[] = []

  constructor(private readonly options: ListKeeperOptions) {}

  get isRefreshing(): boolean {
    return this.running !== undefined
  }

  /** Segments whose latest download was not taken, in this process or before its start. */
  get refusedSegments(): readonly ListSegment[] {
    const names = new Set(this.refused.map(({ segment }) => segment))
    for (const { segment, refusedBecause } of this.options.store.meta?.segments ?? [])
      if (refusedBecause !== undefined) names.add(segment)
    return [...names].flatMap((name) => listSegmentNamed(name) ?? [])
  }

  status(): InstrumentsStatus {
    const { meta, count } = this.options.store
    return {
      version: meta?.version,
      swappedAtMs: meta?.builtAtMs,
      ageMs: meta && this.options.nowMs() - meta.builtAtMs,
      total: count,
      segments: meta?.segments ?? [],
      isRefreshing: this.isRefreshing,
      progress: this.progress,
      lastProblem: this.lastProblem,
      lastRefreshAtMs: this.lastRefreshAtMs ?? meta?.builtAtMs,
      refused: this.refused,
      diff: this.diff,
    }
  }

  /** Takes how far a refresh has come. */
  onProgress(progress: RefreshProgress): void {
    this.progress = progress.step === 'done' ? undefined : progress
    this.options.publish('instruments.progress', progress)
  }

  /**
   * Resolves with the status after the swap; segments that were refused are in it. Throws REFRESH_FAILED when none was
   * taken; the last good list is then still in force.
   */
  refresh(only?: readonly ListSegment[]): Promise<InstrumentsStatus> {
    this.running ??= this.refreshOnce(only).finally(() => {
      this.running = undefined
      this.progress = undefined
    })
    return this.running
  }

  /** Resolves when no refresh runs, whatever became of it. */
  async idle(): Promise<void> {
    await this.running?.catch(() => undefined)
  }

  private async refreshOnce(only: readonly ListSegment[] | undefined): Promise<InstrumentsStatus> {
    const { nowMs, onRefreshed, refresh, store } = this.options
    const beganAtMs = nowMs()
    try {
      const list = await refresh.run(store.meta, only)
      await store.loadInSteps()
      const { failures } = list
      this.take(list)
      const outcome = failures.length > 0 ? 'partly' : 'swapped'
      onRefreshed({ outcome, list, failures, tookMs: nowMs() - beganAtMs })
    } catch (error) {
      const failure = failureOf(error)
      const failures = refusedIn(failure)
      this.lastProblem = failure.message
      this.refused = this.refusedWith(failures)
      onRefreshed({ outcome: 'refused', problem: failure.message, failures, tookMs: nowMs() - beganAtMs })
      this.publishRefused(failures)
      await this.repairAfter(failure)
      throw failure
    }
    this.publish('instruments.swapped')
    if (this.refused.length > 0) this.publishRefused(this.refused)
    return this.finalStatus()
  }

  private take({ diff, failures, meta }: RefreshedList): void {
    this.refused = failures
    this.diff = diff
    this.lastRefreshAtMs = meta.builtAtMs
    this.lastProblem = failures.length > 0 ? failures.map(describeFailure).join('; ') : undefined
  }

  /** Findings of earlier runs stay for the segments that this run did not ask for. */
  private refusedWith(failures: readonly GateFailure[]): readonly GateFailure[] {
    const asked = new Set(failures.map(({ segment }) => segment))
    return [...this.refused.filter(({ segment }) => !asked.has(segment)), ...failures]
  }

  private publish(topic: InstrumentEventTopic): void {
    this.options.publish(topic, this.finalStatus())
  }

  private publishRefused(refused: readonly GateFailure[]): void {
    const data: InstrumentsRefused = { ...this.finalStatus(), refused }
    this.options.publish('instruments.refused', data)
  }

  private finalStatus(): InstrumentsStatus {
    return { ...this.status(), isRefreshing: false, progress: undefined }
  }

  /** A refresh that broke off between two steps must not wait for the next start to be put right. */
  private async repairAfter(failure: AppError): Promise<void> {
    try {
      await this.options.repair()
      if (await this.options.store.loadInSteps()) this.publish('instruments.swapped')
    } catch (error) {
      this.lastProblem = `${failure.message} And the list could not be repaired: ${String(error)}`
    }
  }
}

function failureOf(error: unknown): AppError {
  if (error instanceof AppError && error.code === 'REFRESH_FAILED') return error
  const reason = error instanceof Error ? error.message : String(error)
  return new AppError('REFRESH_FAILED', { reason }, { cause: error })
}

function refusedIn({ details }: AppError): readonly GateFailure[] {
  return Array.isArray(details['refused']) ? (details['refused'] as GateFailure[]) : []
}
