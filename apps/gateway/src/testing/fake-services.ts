import { Controller, Module, type DynamicModule, type INestMicroservice } from '@nestjs/common'
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices'
import { serveRequests, ZmqServer, type BusRequest, type RequestDoor } from '@xts-bridge/bus'
import { AppError, type Caller, type PlacedOrder, type Quote } from '@xts-bridge/contracts'
import { systemClock } from '@xts-bridge/runtime'

export const GOOD_KEY = 'a key that is known'

const CALLER: Caller = {
  keyId: 'k1',
  name: 'tester',
  kind: 'user',
  scopes: ['order.write', 'order.read', 'market.read'],
  accounts: ['*'],
  clientIDs: ['*'],
}

const door: RequestDoor = {
  admit: ({ apiKey }) =>
    apiKey === GOOD_KEY ? Promise.resolve(CALLER) : Promise.reject(new AppError('KEY_INVALID')),
}

/** One request that arrived at the fake services. */
export interface Arrived {
  readonly subject: string
  readonly data: unknown
  readonly clientOrderId: string | undefined
}

class ArrivedRequests {
  readonly list: Arrived[] = []
}

/** Symbols the fake services know what to do with. */
export const SYMBOLS = { good: 'RELIANCE', rejected: 'BLOCKED', lost: 'SILENT', unknown: 'NOSUCH' } as const

@Controller()
class FakeServices {
  constructor(private readonly arrived: ArrivedRequests) {}

  @MessagePattern('order.place')
  place(@Payload() data: { symbol: string }, @Ctx() request: BusRequest): PlacedOrder {
    this.arrived.list.push({ subject: 'order.place', data, clientOrderId: request.clientOrderId })
    if (data.symbol === SYMBOLS.rejected)
      throw new AppError('BROKER_REJECTED', { brokerCode: 'e-1', brokerDescription: 'RMS:Margin Exceeds' })
    if (data.symbol === SYMBOLS.lost)
      throw new AppError('XTS_REPLY_LOST', { orderId: 'ours-1', reason: 'timeout' })
    return { orderId: 'ours-1', brokerOrderId: '1110001234', state: 'accepted' }
  }

  @MessagePattern('market.quotes')
  quotes(@Payload() data: { symbol: string }): Quote {
    if (data.symbol === SYMBOLS.unknown)
      throw new AppError('INSTRUMENT_NOT_FOUND', { symbol: data.symbol, exchange: 'NSE', near: [] })
    return { exchange: 'NSE', symbol: data.symbol, ltp: 1401.5, bid: 1401.45, prevClose: 1390, asOfMs: 1 }
  }
}

@Module({})
class FakeModule {
  static with(arrived: ArrivedRequests): DynamicModule {
    const provider = { provide: ArrivedRequests, useValue: arrived }
    return { module: FakeModule, controllers: [FakeServices], providers: [provider] }
  }
}

export interface RunningFakes {
  readonly endpoint: string
  readonly arrived: readonly Arrived[]
  readonly app: INestMicroservice
}

/** order-execution and the feed in one, on a port the system chooses. */
export async function startFakeServices(): Promise<RunningFakes> {
  const arrived = new ArrivedRequests()
  const endpoint = 'tcp://127.0.0.1:*'
  const server = new ZmqServer({ endpoint, endpointSetting: 'none', clock: systemClock, door })
  const app = await serveRequests(FakeModule.with(arrived), server)
  return { endpoint: server.boundEndpoint, arrived: arrived.list, app }
}
