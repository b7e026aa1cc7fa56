import { Controller, Inject } from '@nestjs/common'
import { MessagePattern, Payload } from '@nestjs/microservices'
import {
  AppError,
  BROKER_APIS,
  parseRequest,
  sessionGetSchema,
  sessionHandOverSchema,
  sessionLoginPageSchema,
  sessionReportSchema,
  sessionResumeSchema,
  sessionStatusSchema,
  type BrokerLoginPage,
  type BrokerSession,
  type SessionState,
} from '@xts-bridge/contracts'
import { readCallbackSession } from '@xts-bridge/xts'
import { DEFAULT_ACCOUNT, LOGIN_PAGE } from '../tokens'
import { AccountSessions } from './account-sessions'
import type { BrokerLogins, HandedOver } from './broker-logins'

/** Answers about broker sessions; `session.get` is the only reply that holds a token, and needs a service key. */
@Controller()
export class SessionController {
  constructor(
    @Inject(AccountSessions) private readonly sessions: AccountSessions,
    @Inject(DEFAULT_ACCOUNT) private readonly defaultAccount: string,
    @Inject(LOGIN_PAGE) private readonly loginPageUrl: BrokerLogins['loginPageUrl'],
  ) {}

  @MessagePattern('session.get')
  get(@Payload() data: unknown): BrokerSession {
    const { account, api } = parseRequest(sessionGetSchema, data)
    return this.sessions.keeper(account, api).session()
  }

  @MessagePattern('session.report-invalid')
  reportInvalid(@Payload() data: unknown): SessionState {
    const { account, api, ...report } = parseRequest(sessionReportSchema, data)
    const keeper = this.sessions.keeper(account, api)
    keeper.reportInvalid(report)
    return keeper.state()
  }

  @MessagePattern('session.status')
  status(@Payload() data: unknown): readonly SessionState[] {
    const { account } = parseRequest(sessionStatusSchema, data ?? {})
    return this.sessions.states(account ?? this.defaultAccount)
  }
  @MessagePattern('session.resume')
  resume(@Payload() data: unknown): readonly SessionState[] {
    const { account = this.defaultAccount, api, renew } = parseRequest(sessionResumeSchema, data ?? {})
    const keepers = (api === undefined ? BROKER_APIS : [api]).map((one) => this.sessions.keeper(account, one))
    for (const keeper of keepers) keeper.resume({ renew })
    return keepers.map((keeper) => keeper.state())
  }

  @MessagePattern('session.login-page')
  loginPage(@Payload() data: unknown): BrokerLoginPage {
    const { account = this.defaultAccount, returnUrl } = parseRequest(sessionLoginPageSchema, data)
    // Throws for an account that is not of this house.
    this.sessions.keeper(account, 'interactive')
    return { url: this.loginPageUrl(returnUrl) }
  }

  @MessagePattern('session.hand-over')
  async handOver(@Payload() data: unknown): Promise<SessionState> {
    const { account = this.defaultAccount, ...handed } = parseRequest(sessionHandOverSchema, data)
    const keeper = this.sessions.keeper(account, 'interactive')
    await keeper.handOver(handedOver(handed))
    return keeper.state()
  }
}

function handedOver(of: {
  readonly accessToken?: string | undefined
  readonly callbackSession?: string | undefined
}): HandedOver {
  if (of.accessToken !== undefined) return { kind: 'access-token', accessToken: of.accessToken }
  const session = readCallbackSession(of.callbackSession ?? '')
  if (session.kind !== 'unreadable') return session
  throw new AppError('REQUEST_INVALID', { problems: [`callbackSession: ${session.problem}`] })
}
