import { AppError, type InstrumentEventTopic, type InstrumentsStatus } from '@xts-bridge/contracts'
import type { InstrumentStore } from '@xts-bridge/instruments'
import type { RefreshedList, RefreshInstruments } from './refresh-instruments'

/** One refresh, as it ended. */
export interface RefreshRecord {
  readonly tookMs: number
  readonly outcome: 'swapped' | 'refused'
  readonly list?: RefreshedList
  readonly problem?: string
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

  constructor(private readonly options: ListKeeperOptions) {}

  get isRefreshing(): boolean {
    return this.running !== undefined
  }

  status(): InstrumentsStatus {
    const { meta, count } = this.options.store
    return {
      version: meta?.version,
      swappedAtMs: meta?.builtAtMs,
      total: count,
      segments: meta?.segments ?? [],
      isRefreshing: this.isRefreshing,
      lastProblem: this.lastProblem,
    }
  }

  /** Resolves with the status after the swap. Throws REFRESH_FAILED; the last good list is then still in force. */
  refresh(): Promise<InstrumentsStatus> {
    this.running ??= this.refreshOnce().finally(() => {
      this.running = undefined
    })
    return this.running
  }

  /** Resolves when no refresh runs, whatever became of it. */
  async idle(): Promise<void> {
    await this.running?.catch(() => undefined)
  }

  private async refreshOnce(): Promise<InstrumentsStatus> {
    const { nowMs, onRefreshed, publish, refresh, store } = this.options
    const beganAtMs = nowMs()
    try {
      const list = await refresh.run(store.meta)
      await store.loadInSteps()
      this.lastProblem = undefined
      onRefreshed({ outcome: 'swapped', list, tookMs: nowMs() - beganAtMs })
    } catch (error) {
      const failure = failureOf(error)
      this.lastProblem = failure.message
      onRefreshed({ outcome: 'refused', problem: failure.message, tookMs: nowMs() - beganAtMs })
      publish('instruments.refused', { ...this.status(), isRefreshing: false })
      await this.repairAfter(failure)
      throw failure
    }
    const status = { ...this.status(), isRefreshing: false }
    publish('instruments.swapped', status)
    return status
  }

  /** A refresh that broke off between two steps must not wait for the next start to be put right. */
  private async repairAfter(failure: AppError): Promise<void> {
    try {
      await this.options.repair()
      if (await this.options.store.loadInSteps()) this.options.publish('instruments.swapped', this.status())
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
