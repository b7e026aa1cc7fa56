import type { INestMicroservice } from '@nestjs/common'
import { EventPublisher, serveRequests, ZmqServer, type BusCurve } from '@xts-bridge/bus'
import { BROKER_APIS, type BrokerApi, type Clock, type Ids } from '@xts-bridge/contracts'
import { ApiKeyStore, SessionStore, TokenCipher, type Database } from '@xts-bridge/persistence'
import { HealthServer, type Logger, type Metrics, type RunningService } from '@xts-bridge/runtime'
import { AuthEvents } from './auth-events'
import { countAuth, measureSessions, type AuthCounts } from './auth-metrics'
import { AuthModule } from './auth.module'
import type { KeyFolder } from './keys/key-folder'
import { KeyRegister } from './keys/key-register'
import { LocalDoor } from './keys/local-door'
import { registerLocalKey } from './keys/register-local-key'
import { ServiceKeys } from './keys/service-keys'
import { AccountSessions } from './sessions/account-sessions'
import type { BrokerLogins } from './sessions/broker-logins'
import { SessionKeeper } from './sessions/session-keeper'
import type { AuthSettings } from './settings'

export interface AuthServiceOptions {
  readonly settings: AuthSettings
  readonly log: Logger
  readonly clock: Clock
  readonly ids: Ids
  readonly keyFolder: KeyFolder
  readonly database: Database
  readonly logins: BrokerLogins
  readonly metrics: Metrics
  readonly curve: BusCurve
}

/** The parts of auth-service, wired. */
export class AuthService implements RunningService {
  /** What was bound, for whoever let the system choose. */
  readonly bound = { requests: '', events: '', healthPort: 0 }
  private readonly counts: AuthCounts
  private readonly publisher: EventPublisher
  private readonly events: AuthEvents
  private readonly keyStore: ApiKeyStore
  private readonly keys: KeyRegister
  private readonly sessions: AccountSessions
  private readonly server: ZmqServer
  private readonly health: HealthServer
  private app: INestMicroservice | undefined

  constructor(private readonly options: AuthServiceOptions) {
    const { settings, database, keyFolder, clock, ids, metrics } = options
    this.counts = countAuth(metrics)
    this.publisher = new EventPublisher({
      endpoint: settings.AUTH_EVENTS_ENDPOINT,
      endpointSetting: 'AUTH_EVENTS_ENDPOINT',
      clock,
      epoch: ids.next(),
    })
    this.events = new AuthEvents(this.publisher)
    this.keyStore = new ApiKeyStore({ database, pepperHex: keyFolder.apiKeyPepper })
    this.keys = new KeyRegister({
      store: this.keyStore,
      services: new ServiceKeys(keyFolder.serviceKeys),
      clock,
      ids,
      onRevoked: (keyId) => this.events.keyRevoked(keyId),
    })
    this.sessions = new AccountSessions(BROKER_APIS.map((api) => this.keeper(api)))
    this.server = this.requestServer()
    this.health = this.healthServer()
    measureSessions(metrics, this.sessions)
  }

  /**
   * Binds before it logs in, so that a second auth-service on this machine fails on the taken endpoint instead of
   * killing the first one's sessions.
   */
  async start(): Promise<void> {
    const { settings, log, clock, ids, keyFolder } = this.options
    this.bound.healthPort = await this.health.listen()
    this.bound.events = await this.publisher.bind()
    await registerLocalKey({
      store: this.keyStore,
      clock,
      ids,
      log,
      localKey: keyFolder.localApiKey,
      onRevoked: (keyId) => this.events.keyRevoked(keyId),
    })
    const parts = {
      sessions: this.sessions,
      keys: this.keys,
      defaultAccount: settings.ACCOUNT_ID,
      loginPageUrl: (returnUrl: string) => this.options.logins.loginPageUrl(returnUrl),
    }
    this.app = await serveRequests(AuthModule.of(parts), this.server)
    this.bound.requests = this.server.boundEndpoint
    await this.sessions.start()
    log.info('auth-service started', { profile: settings.XTS_PROFILE, account: settings.ACCOUNT_ID })
  }

  /** Also after a start that failed half-way. The database stays open. */
  async stop(): Promise<void> {
    await this.sessions.stop()
    await (this.app ? this.app.close() : this.server.close())
    await this.publisher.close()
    await this.health.close()
  }

  private keeper(api: BrokerApi): SessionKeeper {
    const { settings, log, clock, database, keyFolder, logins } = this.options
    return new SessionKeeper({
      account: settings.ACCOUNT_ID,
      api,
      login: logins[api],
      store: new SessionStore({
        database,
        cipher: new TokenCipher(keyFolder.tokenEncryptionKey),
        broker: settings.XTS_PROFILE,
        loginId: logins[api].id,
      }),
      clock,
      renewBeforeMs: settings.AUTH_RENEW_BEFORE_MS,
      renewAtMinutes: settings.AUTH_RENEW_TIMES_IST,
      log,
      onEvent: (topic, state) => this.events.session(topic, state),
      onLogin: (outcome) => this.counts.login(api, outcome),
      onReport: (outcome) => this.counts.report(api, outcome),
    })
  }

  private requestServer(): ZmqServer {
    const { settings, log, clock } = this.options
    return new ZmqServer({
      endpoint: settings.AUTH_REQUESTS_ENDPOINT,
      endpointSetting: 'AUTH_REQUESTS_ENDPOINT',
      clock,
      door: new LocalDoor({
        keys: this.keys,
        defaultAccount: settings.ACCOUNT_ID,
        onChecked: (outcome) => this.counts.keyCheck(outcome),
      }),
      onProblem: (message, fields) => log.error(message, fields),
      onAnswered: ({ subject, outcome }) => this.counts.answered(subject, outcome),
    })
  }

  /** A missing broker session does not make it unready: the house needs it to check keys. */
  private healthServer(): HealthServer {
    const { settings, metrics, curve } = this.options
    return new HealthServer({
      host: settings.HTTP_HOST,
      port: settings.AUTH_HEALTH_PORT,
      portSetting: 'AUTH_HEALTH_PORT',
      service: 'auth-service',
      metrics,
      readiness: () => ({ database: true, bus: this.bound.requests !== '' }),
      describe: () => ({ bus: curve.status, sessions: this.sessions.states() }),
    })
  }
}
