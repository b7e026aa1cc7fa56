import { Module, type DynamicModule } from '@nestjs/common'
import { KeyController } from './keys/key.controller'
import { KeyRegister } from './keys/key-register'
import { AccountSessions } from './sessions/account-sessions'
import { SessionController } from './sessions/session.controller'
import type { BrokerLogins } from './sessions/broker-logins'
import { DEFAULT_ACCOUNT, LOGIN_PAGE } from './tokens'

/** The parts that the controllers ask. */
export interface AuthParts {
  readonly sessions: AccountSessions
  readonly keys: KeyRegister
  readonly defaultAccount: string
  readonly loginPageUrl: BrokerLogins['loginPageUrl']
}

@Module({})
export class AuthModule {
  static of({ sessions, keys, defaultAccount, loginPageUrl }: AuthParts): DynamicModule {
    return {
      module: AuthModule,
      controllers: [SessionController, KeyController],
      providers: [
        { provide: AccountSessions, useValue: sessions },
        { provide: KeyRegister, useValue: keys },
        { provide: DEFAULT_ACCOUNT, useValue: defaultAccount },
        { provide: LOGIN_PAGE, useValue: loginPageUrl },
      ],
    }
  }
}
