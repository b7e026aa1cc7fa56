import type { BrokerSession, Clock, SessionState, Subject } from '@xts-bridge/contracts'
import type { TokenSource, XtsToken } from '@xts-bridge/xts'
import { RetryDelay } from './retry-delay'

export interface MarketSessionOptions {
  readonly auth: { request<T>(subject: Subject, data: unknown): Promise<T> }
  readonly clock: Clock
  readonly account: string
  /** A token other than the one before is in force. */
  readonly onRenewed: () => void
  readonly onProblem: (message: string, error: unknown) => void
}

/**
 * The market-data token in force. It never logs in: it asks auth-service, keeps asking while there is none, and reports
 * a token that the broker refused, which it does not take back.
 */
export class MarketSession {
  private session: BrokerSession | undefined
  /** Sessions up to this epoch were refused by the broker. */
  private refusedEpoch = -1
  /** The broker's words about `refusedEpoch` until auth-service has heard them. */
  private unreported: string | undefined
  private isFetching = false
  private isFetchWanted = false
  private cancelRetry: (() => void) | undefined
  private isClosed = false
  private readonly retryDelay = new RetryDelay()

  constructor(private readonly options: MarketSessionOptions) {}

  readonly token: TokenSource = (): XtsToken | undefined => this.session

  get isLive(): boolean {
    return this.session !== undefined
  }

  start(): void {
    void this.fetch()
  }

  /** An event of auth-service: our session was renewed. */
  renewed(state: SessionState): void {
    const { account, epoch } = state
    if (account !== this.options.account || state.api !== 'market') return
    if (epoch > (this.session?.epoch ?? -1)) this.fetchNow()
  }

  /** Events of auth-service may have been missed. */
  fetchNow(): void {
    this.cancelRetry?.()
    this.cancelRetry = undefined
    this.retryDelay.reset()
    void this.fetch()
  }

  /** The broker refused the token of this epoch; without an epoch, the one in force. False when that was known. */
  reportInvalid(epoch: number | undefined, brokerDescription: string): boolean {
    const refused = epoch ?? this.session?.epoch
    if (refused === undefined || refused <= this.refusedEpoch) return false
    this.refusedEpoch = refused
    this.unreported = brokerDescription.slice(0, 500)
    if (this.session && this.session.epoch <= refused) this.session = undefined
    this.fetchNow()
    return true
  }

  close(): void {
    this.isClosed = true
    this.cancelRetry?.()
  }

  private async fetch(): Promise<void> {
    this.isFetchWanted = true
    if (this.isFetching) return
    this.isFetching = true
    while (this.isFetchWanted && !this.isClosed) {
      this.isFetchWanted = false
      await this.fetchOnce()
    }
    this.isFetching = false
  }

  private async fetchOnce(): Promise<void> {
    const { account, auth, onProblem } = this.options
    try {
      await this.report()
      const session = await auth.request<BrokerSession>('session.get', { account, api: 'market' })
      if (session.epoch > this.refusedEpoch) return this.take(session)
    } catch (error) {
      onProblem('session not available', error)
    }
    if (this.session === undefined) this.retryLater()
  }

  private async report(): Promise<void> {
    if (this.unreported === undefined) return
    const [epoch, brokerDescription] = [this.refusedEpoch, this.unreported]
    const { account, auth } = this.options
    await auth.request('session.report-invalid', { account, api: 'market', epoch, brokerDescription })
    if (epoch === this.refusedEpoch) this.unreported = undefined
  }

  private take(session: BrokerSession): void {
    this.retryDelay.reset()
    if (this.isClosed || session.epoch === this.session?.epoch) return
    this.session = session
    this.options.onRenewed()
  }

  private retryLater(): void {
    if (this.isClosed || this.cancelRetry) return
    this.cancelRetry = this.options.clock.after(this.retryDelay.nextMs(), () => {
      this.cancelRetry = undefined
      void this.fetch()
    })
  }
}
