import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Controller, Module, type INestMicroservice } from '@nestjs/common'
import { MessagePattern, Payload } from '@nestjs/microservices'
import { keyDigest } from '@xts-bridge/access'
import { serveRequests, ZmqServer } from '@xts-bridge/bus'
import { AppError, type Caller, type KeyVerification } from '@xts-bridge/contracts'
import { systemClock } from '@xts-bridge/runtime'
import { cashText, type Texts } from './rows'

/** A user's key that may read and refresh, and one that may only read. */
export const ADMIN_KEY = 'a'.repeat(64)
export const READER_KEY = 'b'.repeat(64)

const CALLERS: Readonly<Record<string, Caller>> = {
  [keyDigest(ADMIN_KEY)]: callerWith('admin', ['instruments.read', 'instruments.write']),
  [keyDigest(READER_KEY)]: callerWith('reader', ['instruments.read']),
}

function callerWith(name: string, scopes: Caller['scopes']): Caller {
  return { keyId: name, name, kind: 'user', scopes, accounts: ['*'], clientIDs: ['*'] }
}

@Controller()
class Auth {
  @MessagePattern('key.verify')
  verify(@Payload() data: { keyDigest: string }): KeyVerification {
    return { caller: CALLERS[data.keyDigest] }
  }

  @MessagePattern('session.get')
  session(): never {
    throw new AppError('SESSION_UNAVAILABLE', { api: 'market', account: 'primary' })
  }
}

@Module({ controllers: [Auth] })
class AuthModule {}

/** What master-contract meets outside: an auth service, a broker that serves lists over HTTP, and a folder. */
export class OutsideWorld {
  texts: Texts = { NSECM: cashText('NSECM', 20), BSECM: cashText('BSECM', 30) }

  isIndexListDown = false

  private constructor(
    readonly folder: string,
    private readonly auth: { app: INestMicroservice; endpoint: string },
    private readonly broker: Server,
  ) {}

  static async open(): Promise<OutsideWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'master-contract-start-'))
    mkdirSync(join(folder, 'keys/services'), { recursive: true })
    writeFileSync(join(folder, 'keys/services/instruments.key'), 'c'.repeat(64), { mode: 0o600 })
    const server = new ZmqServer({
      endpoint: 'tcp://127.0.0.1:*',
      endpointSetting: 'TEST',
      clock: systemClock,
      door: { admit: async () => callerWith('master-contract', ['session.read', 'key.read']) },
    })
    const app = await serveRequests(AuthModule, server)
    const broker = createServer()
    const world = new OutsideWorld(folder, { app, endpoint: server.boundEndpoint }, broker)
    broker.on('request', (request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () =>
        response.end(world.answer(request.url ?? '', Buffer.concat(parts).toString('utf8'))),
      )
    })
    await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
    return world
  }

  /** Settings as they come from the environment. */
  environment(): Record<string, string> {
    return {
      DATA_DIR: this.folder,
      // Made-up lists have none of the symbols of real ones.
      INSTRUMENTS_MANDATORY: 'none',
      KEYS_DIR: join(this.folder, 'keys'),
      XTS_BASE_URL: `http://127.0.0.1:${(this.broker.address() as AddressInfo).port}`,
      INSTRUMENTS_HEALTH_PORT: '0',
      INSTRUMENTS_REQUESTS_ENDPOINT: 'tcp://127.0.0.1:*',
      INSTRUMENTS_EVENTS_ENDPOINT: 'tcp://127.0.0.1:*',
      AUTH_REQUESTS_ENDPOINT: this.auth.endpoint,
      AUTH_EVENTS_ENDPOINT: 'tcp://127.0.0.1:9',
    }
  }

  async close(): Promise<void> {
    await this.auth.app.close()
    this.broker.closeAllConnections()
    await new Promise((resolve) => this.broker.close(resolve))
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** XTS envelopes (documented): the master as text, the index list as entries. */
  private answer(url: string, body: string): string {
    if (url.includes('/instruments/indexlist') && this.isIndexListDown)
      return JSON.stringify({ type: 'error', code: 'e-instrument-0001', description: 'Not now' })
    if (url.includes('/instruments/indexlist'))
      return JSON.stringify({
        type: 'success',
        code: 's-instrument-0007',
        result: { exchangeSegment: '1', indexList: ['NIFTY 50_26000', 'INDIA VIX_26002'] },
      })
    const { exchangeSegmentList } = JSON.parse(body) as { exchangeSegmentList: (keyof Texts)[] }
    const result = exchangeSegmentList.map((segment) => this.texts[segment] ?? '').join('\n')
    return JSON.stringify({
      type: 'success',
      code: 's-instrument-0010',
      description: 'instrument data',
      result,
    })
  }
}
