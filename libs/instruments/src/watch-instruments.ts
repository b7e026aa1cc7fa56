import type { EventSubscriber } from '@xts-bridge/bus'
import type { Clock } from '@xts-bridge/contracts'
import type { InstrumentStore } from './instrument-store'

/** How often a process looks for its first list. */
const FIRST_LIST_CHECK_MS = 1_000
/** How often it looks for a newer one in case the event was lost or master-contract is down. */
const NEWER_LIST_CHECK_MS = 15_000

export interface WatchInstrumentsOptions {
  readonly store: InstrumentStore
  /** master-contract's event endpoint. */
  readonly eventsEndpoint: string
  readonly clock: Clock
  /** After each load, the first one included. */
  readonly onLoaded?: (version: string) => void
  /** A list that cannot be loaded; said once per problem. The store keeps the list it has. */
  readonly onProblem?: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

/**
 * Keeps a store on the version in force: loads at once when a list is there, on `instruments.swapped`, and by looking
 * at the pointer file now and then, so that neither a lost event nor a stopped master-contract leaves it behind.
 */
export function watchInstruments(options: WatchInstrumentsOptions): { close(): Promise<void> } {
  const watch = new InstrumentWatch(options)
  watch.start()
  return watch
}

class InstrumentWatch {
  private subscriber: EventSubscriber | undefined
  private readonly subscribing: Promise<void>
  private cancelCheck: () => void = () => undefined
  private loading: Promise<void> = Promise.resolve()
  private lastProblem: string | undefined
  private isClosed = false

  constructor(private readonly options: WatchInstrumentsOptions) {
    this.subscribing = this.subscribe()
  }

  start(): void {
    this.attempt(() => this.options.store.load())
    this.scheduleCheck()
  }

  /** The bus is only loaded where somebody watches: whoever just reads a list, as a worker does, starts faster without it. */
  private async subscribe(): Promise<void> {
    const { EventSubscriber } = await import('@xts-bridge/bus')
    if (this.isClosed) return
    const check = (): void => this.check()
    const { eventsEndpoint: endpoint, clock } = this.options
    this.subscriber = new EventSubscriber({
      endpoint,
      clock,
      onEvent: (event) => {
        if (event.topic === 'instruments.swapped') check()
      },
      onLoss: check,
      onEpoch: check,
    })
    this.subscriber.start()
    // What was swapped before this moment was not heard.
    check()
  }

  async close(): Promise<void> {
    this.isClosed = true
    this.cancelCheck()
    await this.subscribing
    await this.subscriber?.close()
    await this.loading
  }

  /** One load at a time; a check during a load follows it, so that the newest version always wins. */
  private check(): void {
    this.loading = this.loading.then(async () => {
      if (!this.isClosed) await this.attemptInSteps()
    })
  }

  private scheduleCheck(): void {
    const waitMs = this.options.store.version === undefined ? FIRST_LIST_CHECK_MS : NEWER_LIST_CHECK_MS
    this.cancelCheck = this.options.clock.after(waitMs, () => {
      this.check()
      if (!this.isClosed) this.scheduleCheck()
    })
  }

  private attempt(load: () => boolean): void {
    try {
      this.report(load())
    } catch (error) {
      this.reportProblem(error)
    }
  }

  private async attemptInSteps(): Promise<void> {
    try {
      this.report(await this.options.store.loadInSteps())
    } catch (error) {
      this.reportProblem(error)
    }
  }

  private report(hasLoaded: boolean): void {
    this.lastProblem = undefined
    const { version } = this.options.store
    if (hasLoaded && version !== undefined) this.options.onLoaded?.(version)
  }

  private reportProblem(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error)
    if (problem === this.lastProblem) return
    this.lastProblem = problem
    this.options.onProblem?.('instrument list not loaded', { problem })
  }
}
