import {
  AppError,
  type BrokerSession,
  type Clock,
  type SessionState,
  type Subject,
} from '@xts-bridge/contracts'
import type { XtsToken } from '@xts-bridge/xts'
import type { LogPort, SessionPort } from './ports'

export interface SessionFollowerOptions {
  readonly auth: { request<T>(subject: Subject, data: unknown): Promise<T> }
  readonly clock: Clock
  readonly account: string
  readonly log: LogPort
  /** A token other than the one before is in force. */
  readonly onRenewed: () => void
}

const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 10_000
/** An event of auth-service may be missed; the session is asked for again now and then. */
const POLL_MS = 30_000

/**
 * The interactive token in force. It never logs in: it asks auth-service, goes on asking while there is none, and reports
 * a token that the broker refused, which it does not take back.
 */
export class SessionFollower implements SessionPort {
  private session: BrokerSession | undefined
  private readonly learned = new Set<string>()
  /** Sessions up to this epoch were refused by the broker. */
  private refusedEpoch = -1
  private retryMs = FIRST_RETRY_MS
  private cancelNext: (() => void) | undefined
  private asking: Promise<void> | undefined
  private isAskWanted = false
  private isClosed = false

  constructor(private readonly options: SessionFollowerOptions) {}

  readonly token = (): XtsToken | undefined => this.session

  get epoch(): number | undefined {
    return this.session?.epoch
  }

  get ownCodes(): readonly string[] {
    const ofSession = this.session === undefined ? [] : [this.session.userId, ...this.session.clientCodes]
    return [...ofSession, ...this.learned]
  }

  learnOwnCode(code: string): void {
    if (code !== '') this.learned.add(code)
  }

  /** Asks now; afterwards again when there is none, when an event says so, and every half minute. */
  ask(): void {
    this.isAskWanted = true
    this.cancelNext?.()
    this.asking ??= this.askWhileWanted()
  }

  /** An event of auth-service: a session was renewed. */
  renewed({ account, api, epoch }: SessionState): void {
    if (account === this.options.account && api === 'interactive' && epoch !== this.session?.epoch) this.ask()
  }

  reportInvalid(epoch: number | undefined, brokerDescription: string): void {
    const refused = epoch ?? this.session?.epoch
    if (refused === undefined || refused <= this.refusedEpoch) return
    this.refusedEpoch = refused
    if (this.session !== undefined && this.session.epoch <= refused) this.session = undefined
    this.options.log.warn('broker refused the session', { epoch: refused, brokerDescription })
    void this.report(refused, brokerDescription)
  }

  async close(): Promise<void> {
    this.isClosed = true
    this.cancelNext?.()
    await this.asking
  }

  private async report(epoch: number, brokerDescription: string): Promise<void> {
    const { account, auth, log } = this.options
    const said = brokerDescription.slice(0, 500)
    try {
      await auth.request('session.report-invalid', {
        account,
        api: 'interactive',
        epoch,
        brokerDescription: said,
      })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      log.warn('refused session could not be reported', { epoch, code: error.code })
      // Until auth-service has heard of it, the report is repeated with the next question.
      this.refusedEpoch = epoch - 1
    }
    this.ask()
  }

  private async askWhileWanted(): Promise<void> {
    while (this.isAskWanted && !this.isClosed) {
      this.isAskWanted = false
      await this.askOnce()
    }
    this.asking = undefined
    if (!this.isClosed) this.cancelNext = this.options.clock.after(this.nextDelayMs(), () => this.ask())
  }

  private async askOnce(): Promise<void> {
    const { account, auth, log, onRenewed } = this.options
    try {
      const session = await auth.request<BrokerSession>('session.get', { account, api: 'interactive' })
      if (this.isClosed || session.epoch <= this.refusedEpoch || session.epoch === this.session?.epoch) return
      this.session = session
      this.retryMs = FIRST_RETRY_MS
      log.info('broker session in force', { epoch: session.epoch, userId: session.userId })
      onRenewed()
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (this.session === undefined)
        log.warn('no broker session yet', { code: error.code, reason: error.message })
    }
  }

  private nextDelayMs(): number {
    if (this.session !== undefined) return POLL_MS
    const delayMs = this.retryMs
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS)
    return delayMs
  }
}
