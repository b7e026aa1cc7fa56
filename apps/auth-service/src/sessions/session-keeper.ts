import {
  AppError,
  type BrokerApi,
  type BrokerSession,
  type Clock,
  type SessionEventTopic,
  type SessionState,
} from '@xts-bridge/contracts'
import type { SessionStore } from '@xts-bridge/persistence'
import type { Logger } from '@xts-bridge/runtime'
import type { CallOutcome, XtsLogin } from '@xts-bridge/xts'
import type { BrokerLogin } from './broker-logins'
import { KickWindow } from './kick-window'
import {
  expiryDelayMs,
  isRateLimit,
  loginBackoffMs,
  LONGEST_BACKOFF_MS,
  renewalDelayMs,
} from './session-timing'
import { withoutSecrets } from './without-secrets'

type LoginFailure = Exclude<CallOutcome<XtsLogin>, { kind: 'ok' }>

/** What became of a report that the broker refused a token. */
export type ReportOutcome = 'login' | 'ignored' | 'contested'

export interface SessionKeeperOptions {
  readonly account: string
  readonly api: BrokerApi
  readonly login: Pick<BrokerLogin, 'logIn'>
  readonly store: Pick<SessionStore, 'recall' | 'save' | 'dropToken'>
  readonly clock: Clock
  readonly renewBeforeMs: number
  readonly log: Logger
  onEvent(topic: Exclude<SessionEventTopic, 'key.revoked'>, state: SessionState): void
  onLogin?(outcome: CallOutcome<XtsLogin>['kind']): void
  onReport?(outcome: ReportOutcome): void
}

/** How long a stop waits for a login that is under way, so that its token is not lost. */
const STOP_WAIT_MS = 5_000

/**
 * Keeps one session with one of the broker's APIs alive; the only place that logs in to it. A second login at XTS kills
 * the first token, so: one login at a time, a token that still lives is used again after a restart, and when somebody
 * else keeps taking the session this side stops (`contested`) until the service is restarted.
 */
export class SessionKeeper {
  private current: BrokerSession | undefined
  private lastEpoch = 0
  private failures = 0
  private failure: LoginFailure | undefined
  private problem: string | undefined
  private isContested = false
  private isStopped = false
  private attempt: Promise<void> | undefined
  private cancelRetry: (() => void) | undefined
  private cancelRenewal: (() => void) | undefined
  private cancelExpiry: (() => void) | undefined
  private readonly kicks = new KickWindow()

  constructor(private readonly options: SessionKeeperOptions) {}

  get account(): string {
    return this.options.account
  }

  get api(): BrokerApi {
    return this.options.api
  }

  /** Takes up the session from before the restart while it lives, else begins to log in. Does not wait for the login. */
  async start(): Promise<void> {
    const { store, clock, log } = this.options
    const { lastEpoch, session, isUnreadable } = await store.recall(this.place)
    this.lastEpoch = lastEpoch
    if (isUnreadable) log.warn('stored token is not of this login, or cannot be decrypted', this.place)
    if (!session || session.expiresAtMs <= clock.nowMs()) return this.logIn()
    log.info('session taken up', { ...this.place, epoch: session.epoch, expiresAtMs: session.expiresAtMs })
    this.put(session)
  }

  /** The live session. Throws SESSION_UNAVAILABLE or SESSION_LOGIN_REFUSED. */
  session(): BrokerSession {
    if (this.current) return this.current
    const { state } = this.state()
    if (state === 'refused')
      throw new AppError('SESSION_LOGIN_REFUSED', { ...this.place, brokerDescription: this.problem })
    throw new AppError('SESSION_UNAVAILABLE', { ...this.place, state, problem: this.problem })
  }

  state(): SessionState {
    const { current } = this
    return {
      ...this.place,
      state: this.stateWord(),
      epoch: current?.epoch ?? this.lastEpoch,
      userId: current?.userId,
      expiresAtMs: current?.expiresAtMs,
      problem: this.problem,
    }
  }

  /**
   * Somebody says that the broker refused the token of this epoch. Only the first report of the token in force counts:
   * it is dropped and one login begins. A rate limit is no such refusal.
   */
  reportInvalid(report: { readonly epoch: number; readonly brokerDescription?: string | undefined }): void {
    const outcome = this.judge(report)
    this.options.onReport?.(outcome)
    if (outcome === 'ignored') return
    if (outcome === 'contested') return this.contest()
    if (!this.cancelRetry) this.logIn()
  }

  /** Logs in no more, and waits for the login under way. */
  async stop(): Promise<void> {
    this.isStopped = true
    this.cancelAlarms()
    if (!this.attempt) return
    let cancelLimit = (): void => undefined
    const limit = new Promise<void>((resolve) => {
      cancelLimit = this.options.clock.after(STOP_WAIT_MS, resolve)
    })
    await Promise.race([this.attempt, limit]).finally(cancelLimit)
  }

  private judge({
    epoch,
    brokerDescription = '',
  }: Parameters<SessionKeeper['reportInvalid']>[0]): ReportOutcome {
    const { current } = this
    // While a renewal is under way the broker may have killed the old token for it already.
    if (!current || epoch !== current.epoch || this.attempt || isRateLimit(brokerDescription))
      return 'ignored'
    const problem = withoutSecrets(brokerDescription, [current.token]) || 'the broker refused the token'
    const isContested = this.kicks.note(this.options.clock.nowMs())
    this.lose(problem)
    return isContested ? 'contested' : 'login'
  }

  private contest(): void {
    this.isContested = true
    this.cancelAlarms()
    this.problem =
      'another program keeps logging in with the same keys; stop it, then restart auth-service to log in again'
    this.options.log.error('session contested', { ...this.place, problem: this.problem })
    this.options.onEvent('session.contested', this.state())
  }

  private logIn(): void {
    if (this.attempt || this.isStopped) return
    this.cancelRetry?.()
    this.cancelRetry = undefined
    this.attempt = this.attemptLogin().finally(() => {
      this.attempt = undefined
    })
  }

  private async attemptLogin(): Promise<void> {
    const outcome = await this.askBroker()
    this.options.onLogin?.(outcome.kind)
    if (outcome.kind !== 'ok') return this.retryLater(outcome)
    const session = this.sessionFrom(outcome.value)
    await this.persist(session)
    const { epoch, userId, expiresAtMs } = session
    this.options.log.info('session obtained', { ...this.place, epoch, userId, expiresAtMs })
    this.put(session)
  }

  private async askBroker(): Promise<CallOutcome<XtsLogin>> {
    try {
      return await this.options.login.logIn()
    } catch (error) {
      this.options.log.error('login failed inside', { ...this.place, error })
      return { kind: 'unknown', reason: 'the login failed inside the service' }
    }
  }

  private sessionFrom(login: XtsLogin): BrokerSession {
    const { token, userId, clientCodes, isInvestorClient, expiresAtMs, interactivePrefix } = login
    const epoch = this.lastEpoch + 1
    const identity = { ...this.place, token, userId, clientCodes, isInvestorClient, expiresAtMs, epoch }
    return interactivePrefix === undefined ? identity : { ...identity, interactivePrefix }
  }

  /** A token that cannot be written is used all the same: refusing it would not bring the one before back. */
  private async persist(session: BrokerSession): Promise<void> {
    try {
      await this.options.store.save(session, this.options.clock.nowMs())
      this.problem = undefined
    } catch (error) {
      this.problem = 'the session could not be written to disk; a restart will log in again'
      this.options.log.error('session not written', { ...this.place, error })
    }
  }

  private put(session: BrokerSession): void {
    this.current = session
    this.lastEpoch = session.epoch
    this.failures = 0
    this.failure = undefined
    if (this.isStopped) return
    this.planRenewal(session)
    this.options.onEvent('session.renewed', this.state())
  }

  private planRenewal(session: BrokerSession): void {
    const { clock, renewBeforeMs } = this.options
    const remainingMs = session.expiresAtMs - clock.nowMs()
    this.cancelAlarms()
    this.cancelRenewal = clock.after(renewalDelayMs(remainingMs, renewBeforeMs), () => this.logIn())
    this.watchExpiry(session)
  }

  private watchExpiry(session: BrokerSession): void {
    const { clock } = this.options
    this.cancelExpiry = clock.after(expiryDelayMs(session.expiresAtMs - clock.nowMs()), () => {
      if (session.expiresAtMs > clock.nowMs()) return this.watchExpiry(session)
      this.lose(this.problem ?? 'the token expired')
      if (!this.cancelRetry) this.logIn()
    })
  }

  private lose(problem: string): void {
    this.cancelRenewal?.()
    this.cancelExpiry?.()
    const dead = { ...this.place, epoch: this.lastEpoch }
    this.current = undefined
    this.problem = problem
    this.options.log.warn('session lost', { ...dead, problem })
    this.options.store.dropToken(dead, this.options.clock.nowMs()).catch((error: unknown) => {
      // A restart would take the dead token up, hear that it is refused, and log in then.
      this.options.log.error('dead token not erased', { ...this.place, error })
    })
    this.options.onEvent('session.lost', this.state())
  }

  private retryLater(failure: LoginFailure): void {
    this.failures += 1
    this.failure = failure
    this.problem = failure.kind === 'rejected' ? failure.brokerDescription : failure.reason
    const delayMs = isTooMany(failure) ? LONGEST_BACKOFF_MS : loginBackoffMs(this.failures)
    const { kind } = failure
    this.options.log.warn('login failed', { ...this.place, kind, problem: this.problem, retryInMs: delayMs })
    if (this.isStopped) return
    this.cancelRetry = this.options.clock.after(delayMs, () => {
      this.cancelRetry = undefined
      this.logIn()
    })
  }

  private stateWord(): SessionState['state'] {
    if (this.isContested) return 'contested'
    if (this.current) return 'live'
    return this.failure?.kind === 'rejected' ? 'refused' : 'logging-in'
  }

  private cancelAlarms(): void {
    this.cancelRetry?.()
    this.cancelRetry = undefined
    this.cancelRenewal?.()
    this.cancelExpiry?.()
  }

  private get place(): { readonly account: string; readonly api: BrokerApi } {
    return { account: this.options.account, api: this.options.api }
  }
}

function isTooMany(failure: LoginFailure): boolean {
  const words =
    failure.kind === 'rejected' ? `${failure.brokerCode} ${failure.brokerDescription}` : failure.reason
  return isRateLimit(words)
}
