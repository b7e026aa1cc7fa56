import 'reflect-metadata'
import { Controller, Module } from '@nestjs/common'
import { MessagePattern } from '@nestjs/microservices'
import { serveRequests, ZmqServer } from '@xts-bridge/bus'
import { AppError, type Caller, type KeyVerification } from '@xts-bridge/contracts'
import { systemClock } from '@xts-bridge/runtime'

const CALLER: Caller = {
  ...{ keyId: 'bench', name: 'bench', kind: 'user', accounts: ['*'], clientIDs: ['*'] },
  scopes: ['instruments.read', 'instruments.write'],
}

@Controller()
class Auth {
  @MessagePattern('key.verify')
  verify(): KeyVerification {
    return { caller: CALLER }
  }

  @MessagePattern('session.get')
  session(): never {
    throw new AppError('SESSION_UNAVAILABLE', { api: 'market', account: 'primary' })
  }
}

@Module({ controllers: [Auth] })
class AuthModule {}

/** An auth service that knows every key and has no session, for measuring a service alone. */
export async function startOpenDoor(): Promise<{ readonly endpoint: string; close(): Promise<void> }> {
  const server = new ZmqServer({
    ...{ endpoint: 'tcp://127.0.0.1:*', endpointSetting: 'none', clock: systemClock },
    door: { admit: async () => ({ ...CALLER, kind: 'service', scopes: ['session.read', 'key.read'] }) },
  })
  const app = await serveRequests(AuthModule, server)
  return { endpoint: server.boundEndpoint, close: () => app.close() }
}
