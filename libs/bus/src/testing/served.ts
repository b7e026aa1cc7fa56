import { Controller, Module, type DynamicModule, type INestMicroservice } from '@nestjs/common'
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices'
import { AppError, type Caller } from '@xts-bridge/contracts'
import { of, throwError, type Observable } from 'rxjs'
import type { BusRequest, RequestDoor } from '../bus-request'
import { ZmqServer, type ZmqServerOptions } from '../request-server'
import { serveRequests } from '../serve-requests'
import { realClock } from './real-ports'

export const CALLER: Caller = {
  keyId: 'k1',
  name: 'tester',
  kind: 'user',
  scopes: ['order.write'],
  accounts: ['*'],
  clientIDs: ['*'],
}

/** Lets in whoever shows the key `open sesame`. */
export const keyDoor: RequestDoor = {
  admit: async ({ apiKey }) => {
    if (apiKey === undefined) throw new AppError('KEY_MISSING')
    if (apiKey !== 'open sesame') throw new AppError('KEY_INVALID')
    return CALLER
  },
}

/** What handlers saw and what they wait for. */
export class Seen {
  readonly requests: { readonly data: unknown; readonly request: BusRequest }[] = []
  private release: () => void = () => undefined
  /** `order.status` does not end before this. */
  readonly gate = new Promise<void>((resolve) => {
    this.release = resolve
  })
  openGate(): void {
    this.release()
  }
}

@Controller()
class Echo {
  constructor(private readonly seen: Seen) {}

  @MessagePattern('order.place')
  place(@Payload() data: unknown, @Ctx() request: BusRequest): unknown {
    this.seen.requests.push({ data, request })
    return { echo: data }
  }

  @MessagePattern('order.smart')
  smart(): Promise<never> {
    return Promise.reject(
      new AppError('ORDER_PRICE_OFF_TICK', { field: 'price', price: 1.03, tickSize: 0.05 }),
    )
  }

  @MessagePattern('order.status')
  async status(@Payload() data: unknown): Promise<unknown> {
    await this.seen.gate
    return data
  }

  @MessagePattern('book.orders')
  orders(): never {
    throw new TypeError('the secret inside')
  }

  @MessagePattern('book.positions')
  positions(): Observable<unknown> {
    return of(['observed'])
  }

  @MessagePattern('market.quotes')
  quotes(): Observable<unknown> {
    return throwError(
      () => new AppError('QUOTE_UNAVAILABLE', { symbol: 'X', exchange: 'NSE', reason: 'none' }),
    )
  }

  @MessagePattern('feed.status')
  unencodable(): unknown {
    return { count: 1n }
  }

  @MessagePattern('session.status')
  nothing(): void {
    return undefined
  }

  @MessagePattern('not.a-subject')
  strange(): string {
    return 'must not be reachable'
  }
}

@Module({})
class EchoModule {
  static with(seen: Seen): DynamicModule {
    return { module: EchoModule, controllers: [Echo], providers: [{ provide: Seen, useValue: seen }] }
  }
}

export interface Served {
  readonly server: ZmqServer
  readonly app: INestMicroservice
  readonly seen: Seen
}

/** A server on a free loopback port with handlers for every way of answering. */
export async function serveEcho(options: Partial<ZmqServerOptions> = {}): Promise<Served> {
  const seen = new Seen()
  const server = new ZmqServer({
    endpoint: 'tcp://127.0.0.1:*',
    endpointSetting: 'TEST_ENDPOINT',
    clock: realClock,
    door: keyDoor,
    ...options,
  })
  const app = await serveRequests(EchoModule.with(seen), server)
  return { server, app, seen }
}
