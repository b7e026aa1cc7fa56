import { Module, type DynamicModule } from '@nestjs/common'
import { KeyController } from './keys/key.controller'
import { KeyRegister } from './keys/key-register'
import { AccountSessions } from './sessions/account-sessions'
import { SessionController } from './sessions/session.controller'
import { DEFAULT_ACCOUNT } from './tokens'

/** The parts that the controllers ask. */
export interface AuthParts {
  readonly sessions: AccountSessions
  readonly keys: KeyRegister
  readonly defaultAccount: string
}

@Module({})
export class AuthModule {
  static of({ sessions, keys, defaultAccount }: AuthParts): DynamicModule {
    return {
      module: AuthModule,
      controllers: [SessionController, KeyController],
      providers: [
        { provide: AccountSessions, useValue: sessions },
        { provide: KeyRegister, useValue: keys },
        { provide: DEFAULT_ACCOUNT, useValue: defaultAccount },
      ],
    }
  }
}
