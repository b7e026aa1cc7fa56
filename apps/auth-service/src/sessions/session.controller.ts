import { Controller, Inject } from '@nestjs/common'
import { MessagePattern, Payload } from '@nestjs/microservices'
import {
  parseRequest,
  sessionGetSchema,
  sessionReportSchema,
  sessionStatusSchema,
  type BrokerSession,
  type SessionState,
} from '@xts-bridge/contracts'
import { DEFAULT_ACCOUNT } from '../tokens'
import { AccountSessions } from './account-sessions'

/** Answers about broker sessions; `session.get` is the only reply that holds a token, and needs a service key. */
@Controller()
export class SessionController {
  constructor(
    @Inject(AccountSessions) private readonly sessions: AccountSessions,
    @Inject(DEFAULT_ACCOUNT) private readonly defaultAccount: string,
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
}
