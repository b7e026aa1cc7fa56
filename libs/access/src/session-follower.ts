import { EventSubscriber, type BusEvent } from '@xts-bridge/bus'
import {
  AppError,
  RetryDelay,
  type BrokerApi,
  type BrokerSession,
  type Clock,
  type SessionState,
  type Subject,
} from '@xts-bridge/contracts'

export interface SessionFollowerOptions {
  readonly auth: { request<T>(subject: Subject, data: unknown): Promise<T> }
  /** auth-service's events. */
  readonly eventsEndpoint: string
  readonly clock: Clock
  readonly account: string
  readonly api: BrokerApi
  /** A token other than the one before is in force. */
  onRenewed(session: BrokerSession): void
  /** The broker refused the token of this epoch; told once per epoch. */
  onRefused?(refusal: SessionRefusal): void
  /** There is no session yet, or a refused one could not be reported; both are tried again. */
  onProblem?(message: string, fields: Record<string, unknown>): void
}

export interface SessionRefusal {
  readonly account: string
  readonly api: BrokerApi
  readonly epoch: number
  readonly brokerDescription: string
}

/** An event of auth-service may be missed; the session is asked for again now and then. */
const POLL_MS = 30_000
/** As much as `session.report-invalid` takes. */
const DESCRIPTION_LIMIT = 500

/**
 * The token in force of one of the broker's APIs. It never logs in: it asks auth-service, goes on asking while there is
 * none, and reports a token that the broker refused until auth-service has heard it. Such a token it does not take back.
 */
export class SessionFollower {
  private session: BrokerSession | undefined
  /** Sessions up to this epoch were refused by the broker. */
  private refusedEpoch = -1
  /** The newest refusal, until auth-service has heard it. */
  private unreported: SessionRefusal | undefined
  private readonly retryDelay = new RetryDelay()
  private events: EventSubscriber | undefined
  private cancelNext: (() => void) | undefined
  private isAsking = false
  private isAskWanted = false
  private isClosed = false

  constructor(private readonly options: SessionFollowerOptions) {}

  /** The session in force, or undefined while there is none; what libs/xts takes its token from. */
  readonly token = (): BrokerSession | undefined => this.session

  /** Grows with each login; undefined while there is no session. */
  get epoch(): number | undefined {
    return this.session?.epoch
  }

  /** Asks, and follows auth-service's events from now on. */
  start(): void {
    const { eventsEndpoint, clock } = this.options
    this.events ??= new EventSubscriber({
      endpoint: eventsEndpoint,
      clock,
      onEvent: (event) => this.eventSeen(event),
      onLoss: () => this.ask(),
      onEpoch: () => this.ask(),
      onProblem: (message, fields) => this.options.onProblem?.(message, fields),
    })
    this.events.start()
    this.ask()
  }

  /** Asks now; afterwards again when there is none, when an event says so, and every half minute. */
  ask(): void {
    this.retryDelay.reset()
    this.askAgain()
  }

  /** An event of auth-service. Only one that tells of a newer session of ours counts. */
  eventSeen({ topic, data }: Pick<BusEvent, 'topic' | 'data'>): void {
    if (topic !== 'session.renewed') return
    const { account, api, epoch } = data as SessionState
    if (account !== this.options.account || api !== this.options.api) return
    if (epoch > (this.session?.epoch ?? -1)) this.ask()
  }

  /** The broker refused the token of this epoch; without an epoch, the one in force. A newer token is kept. */
  reportInvalid(epoch: number | undefined, brokerDescription: string): void {
    const refused = epoch ?? this.session?.epoch
    if (refused === undefined || refused <= this.refusedEpoch) return
    this.refusedEpoch = refused
    if (this.session !== undefined && this.session.epoch <= refused) this.session = undefined
    const { account, api } = this.options
    const said = brokerDescription.slice(0, DESCRIPTION_LIMIT)
    this.unreported = { account, api, epoch: refused, brokerDescription: said }
    this.options.onRefused?.(this.unreported)
    this.ask()
  }

  /** Asks nobody any more; an answer that is under way is not taken. */
  async close(): Promise<void> {
    this.isClosed = true
    this.cancelNext?.()
    await this.events?.close()
  }

  private askAgain(): void {
    this.isAskWanted = true
    this.cancelNext?.()
    if (!this.isAsking) void this.askWhileWanted()
  }

  private async askWhileWanted(): Promise<void> {
    this.isAsking = true
    while (this.isAskWanted && !this.isClosed) {
      this.isAskWanted = false
      await this.report()
      const session = await this.sessionNow()
      if (session !== undefined) this.take(session)
    }
    this.isAsking = false
    if (!this.isClosed) this.cancelNext = this.options.clock.after(this.nextDelayMs(), () => this.askAgain())
  }

  private async report(): Promise<void> {
    const refusal = this.unreported
    if (refusal === undefined) return
    try {
      await this.options.auth.request('session.report-invalid', refusal)
      if (this.unreported === refusal) this.unreported = undefined
    } catch (error) {
      this.problem('refused session could not be reported', error)
    }
  }

  private async sessionNow(): Promise<BrokerSession | undefined> {
    const { account, api, auth } = this.options
    try {
      return await auth.request<BrokerSession>('session.get', { account, api })
    } catch (error) {
      this.problem('broker session not available', error)
      return undefined
    }
  }

  private take(session: BrokerSession): void {
    if (this.isClosed || session.epoch <= this.refusedEpoch || session.epoch === this.session?.epoch) return
    this.session = session
    this.retryDelay.reset()
    this.options.onRenewed(session)
  }

  /** With a session in force a question that failed harms nobody. Anything but an AppError is our bug. */
  private problem(message: string, error: unknown): void {
    if (!(error instanceof AppError)) throw error
    if (this.isClosed || this.session !== undefined) return
    const { account, api } = this.options
    this.options.onProblem?.(message, { account, api, code: error.code, reason: error.message })
  }

  private nextDelayMs(): number {
    const isSettled = this.session !== undefined && this.unreported === undefined
    return isSettled ? POLL_MS : this.retryDelay.nextMs()
  }
}

/** The token in force as a list, for whoever must keep it out of a log. */
export function tokensOf(follower: Pick<SessionFollower, 'token'>): readonly string[] {
  const session = follower.token()
  return session === undefined ? [] : [session.token]
}
