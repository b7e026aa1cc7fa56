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
import type { BrokerLogin, HandedOver } from './broker-logins'
import { KickWindow } from './kick-window'
import { isRateLimit, lifeOf, loginBackoffMs, LONGEST_BACKOFF_MS } from './session-timing'
import { withoutSecrets } from './without-secrets'

type LoginFailure = Exclude<CallOutcome<XtsLogin>, { kind: 'ok' }>

/** What became of a report that the broker refused a token. */
export type ReportOutcome = 'login' | 'ignored' | 'contested'

export interface SessionKeeperOptions {
  readonly account: string
  readonly api: BrokerApi
  readonly login: Omit<BrokerLogin, 'id'>
  readonly store: Pick<SessionStore, 'recall' | 'save' | 'dropToken'>
  readonly clock: Clock
  readonly renewBeforeMs: number
  /** Indian times of day at which the session is renewed, in minutes after midnight. */
  readonly renewAtMinutes: readonly number[]
  readonly log: Logger
  onEvent(topic: Exclude<SessionEventTopic, 'key.revoked'>, state: SessionState): void
  onLogin?(outcome: CallOutcome<XtsLogin>['kind']): void
  onReport?(outcome: ReportOutcome): void
}

/** The time is looked at this often, so that a clock that was set, or a machine that slept, misses nothing. */
const LOOK_EVERY_MS = 60_000
/** How long a stop waits for a login that is under way, so that its token is not lost. */
const STOP_WAIT_MS = 5_000

/**
 * Keeps one session with one of the broker's APIs alive; the only place that logs in to it. A second login at XTS kills
 * the first token, so: one login at a time, a token that still lives is used again after a restart, and when somebody
 * else keeps taking the session this side stops (`contested`) until somebody says `resume`.
 */
export class SessionKeeper {
  private current: BrokerSession | undefined
  private lastEpoch = 0
  private failures = 0
  private failure: LoginFailure | undefined
  private problem: string | undefined
  private isContested = false
  private isPersonNeeded = false
  private isStopped = false
  private attempt: Promise<void> | undefined
  private cancelRetry: (() => void) | undefined
  private cancelWatch: (() => void) | undefined
  private kicks = new KickWindow()

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
    const { lastEpoch, session, obtainedAtMs, isUnreadable } = await store.recall(this.place)
    // Others remember up to which epoch the broker refused tokens; a lost or old database must not fall behind them.
    this.lastEpoch = Math.max(lastEpoch, Math.floor(clock.nowMs() / 1_000) - 1)
    if (isUnreadable) log.warn('stored token is not of this login, or cannot be decrypted', this.place)
    if (!session || session.expiresAtMs <= clock.nowMs()) return this.logIn()
    log.info('session taken up', { ...this.place, epoch: session.epoch, expiresAtMs: session.expiresAtMs })
    this.put(session, obtainedAtMs)
    void this.check(session)
  }

  /** The live session. Throws SESSION_UNAVAILABLE or SESSION_LOGIN_REFUSED. */
  session(): BrokerSession {
    if (this.current) return this.current
    throw this.unavailable()
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

  /** A person says to go on: after a contest, or now instead of at the next attempt; with `renew` also while it lives. */
  resume(options: { readonly renew?: boolean | undefined } = {}): void {
    this.endContest()
    if (this.current === undefined || options.renew === true) this.logIn()
  }

  /** One login with what a person's login in the browser gave. Throws SESSION_LOGIN_REFUSED or SESSION_UNAVAILABLE. */
  async handOver(handed: HandedOver): Promise<void> {
    // Another may begin while this one is waited for.
    for (let attempt = this.attempt; attempt !== undefined; attempt = this.attempt) await attempt
    this.endContest()
    this.logIn(handed)
    await this.attempt
    if (this.failure) throw this.unavailable()
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
      'another program keeps logging in with the same keys; stop it, then say session.resume (xb tokens --login)'
    this.options.log.error('session contested', { ...this.place, problem: this.problem })
    this.options.onEvent('session.contested', this.state())
  }

  private endContest(): void {
    if (this.isContested) this.options.log.info('session resumed after a contest', this.place)
    this.isContested = false
    this.kicks = new KickWindow()
    // What was wrong before is not what is wrong now; whoever asks must be able to tell.
    this.problem = undefined
    this.failure = undefined
  }

  private logIn(handed?: HandedOver): void {
    if (this.attempt || this.isStopped) return
    this.cancelRetry?.()
    this.cancelRetry = undefined
    if (handed === undefined && this.options.login.isPersonNeeded) return this.askForPerson()
    this.attempt = this.attemptLogin(handed).finally(() => {
      this.attempt = undefined
    })
  }

  /** Nothing is tried again by itself; a token that still lives stays in force until it ends. */
  private askForPerson(): void {
    this.isPersonNeeded = true
    this.problem = 'this broker wants a person to log in: open /broker/login of the gateway'
    this.options.log.error('broker login by a person needed', { ...this.place, problem: this.problem })
  }

  /** A token from before a restart may have died meanwhile; that is nobody's kick. */
  private async check(session: BrokerSession): Promise<void> {
    const refusal = await this.options.login.refusalOf(session)
    if (refusal === undefined || this.current !== session || this.attempt || this.isStopped) return
    this.lose(withoutSecrets(refusal, [session.token]))
    this.logIn()
  }

  private async attemptLogin(handed: HandedOver | undefined): Promise<void> {
    const outcome = await this.askBroker(handed)
    this.options.onLogin?.(outcome.kind)
    if (outcome.kind !== 'ok') return this.retryLater(outcome, handed)
    const session = this.sessionFrom(outcome.value)
    await this.persist(session)
    const { epoch, userId, expiresAtMs } = session
    this.options.log.info('session obtained', { ...this.place, epoch, userId, expiresAtMs })
    this.put(session)
  }

  private async askBroker(handed: HandedOver | undefined): Promise<CallOutcome<XtsLogin>> {
    try {
      return await this.options.login.logIn(handed)
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

  private put(session: BrokerSession, obtainedAtMs = this.options.clock.nowMs()): void {
    this.current = session
    this.lastEpoch = Math.max(this.lastEpoch, session.epoch)
    this.failures = 0
    this.failure = undefined
    this.isPersonNeeded = false
    if (this.isStopped) return
    const { clock, renewBeforeMs, renewAtMinutes } = this.options
    const { expiresAtMs } = session
    this.cancelAlarms()
    this.watch(lifeOf({ nowMs: clock.nowMs(), obtainedAtMs, expiresAtMs, renewBeforeMs, renewAtMinutes }))
    this.options.onEvent('session.renewed', this.state())
  }

  /** Renews the token in force when that is due, once, and stops believing it at its end. */
  private watch({ renewAtMs, endAtMs }: { readonly renewAtMs: number; readonly endAtMs: number }): void {
    const { clock } = this.options
    if (clock.nowMs() >= endAtMs) {
      this.lose(this.problem ?? 'the token expired')
      if (!this.cancelRetry) this.logIn()
      return
    }
    const isDue = clock.nowMs() >= renewAtMs
    const renewal = isDue ? Number.POSITIVE_INFINITY : renewAtMs
    const waitMs = Math.min(LOOK_EVERY_MS, Math.min(renewal, endAtMs) - clock.nowMs())
    this.cancelWatch = clock.after(waitMs, () => this.watch({ renewAtMs: renewal, endAtMs }))
    if (isDue) this.logIn()
  }

  private lose(problem: string): void {
    this.cancelWatch?.()
    const dead = { ...this.place, epoch: this.current?.epoch ?? this.lastEpoch }
    this.current = undefined
    this.problem = problem
    this.options.log.warn('session lost', { ...dead, problem })
    this.options.store.dropToken(dead, this.options.clock.nowMs()).catch((error: unknown) => {
      // A restart would take the dead token up, hear that it is refused, and log in then.
      this.options.log.error('dead token not erased', { ...this.place, error })
    })
    this.options.onEvent('session.lost', this.state())
  }

  private retryLater(failure: LoginFailure, handed: HandedOver | undefined): void {
    this.failures += 1
    this.failure = failure
    this.problem = failure.kind === 'rejected' ? failure.brokerDescription : failure.reason
    const delayMs = isTooMany(failure) ? LONGEST_BACKOFF_MS : loginBackoffMs(this.failures)
    const { kind } = failure
    this.options.log.warn('login failed', { ...this.place, kind, problem: this.problem, retryInMs: delayMs })
    // What a person handed over is good once; a session that lives needs no other.
    const isForPerson = this.options.login.isPersonNeeded || (handed !== undefined && this.current)
    if (this.isStopped || isForPerson) return
    this.cancelRetry = this.options.clock.after(delayMs, () => {
      this.cancelRetry = undefined
      this.logIn()
    })
  }

  private stateWord(): SessionState['state'] {
    if (this.isContested) return 'contested'
    if (this.current) return 'live'
    if (this.isPersonNeeded && !this.attempt) return 'login-needed'
    return this.failure?.kind === 'rejected' ? 'refused' : 'logging-in'
  }

  private unavailable(): AppError {
    const { state } = this.state()
    if (this.failure?.kind === 'rejected')
      return new AppError('SESSION_LOGIN_REFUSED', { ...this.place, brokerDescription: this.problem })
    return new AppError('SESSION_UNAVAILABLE', { ...this.place, state, problem: this.problem })
  }

  private cancelAlarms(): void {
    this.cancelRetry?.()
    this.cancelRetry = undefined
    this.cancelWatch?.()
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
