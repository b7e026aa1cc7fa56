import { EventSubscriber, RequestClient, TickSubscriber, type BusEvent } from '@xts-bridge/bus'
import type { Service, Subject, TickPayload } from '@xts-bridge/contracts'
import { randomIds, systemClock } from '@xts-bridge/runtime'
import { eventually } from './eventually'
import type { House } from './house'

/** What the simulator's control port tells of one order it ever received. */
export interface BrokerRecord {
  readonly tag: string
  readonly appOrderId: number
  readonly status: string
}

/** A strategy on the bus of one house, with everything it opened. */
export class Strategy {
  private readonly clients = new Map<Service, RequestClient>()
  private readonly closing: (() => Promise<void>)[] = []
  readonly events: BusEvent[] = []

  constructor(
    private readonly house: House,
    private readonly apiKey = house.apiKey,
  ) {}

  ask<T>(
    service: Service,
    subject: Subject,
    data: unknown,
    options: { readonly clientOrderId?: string; readonly timeoutMs?: number } = {},
  ): Promise<T> {
    return this.client(service).request<T>(subject, data, options)
  }

  /** Collects order events, repaired by order.replay. `endpoint` may be a proxy in front of the real one. */
  watchOrders(endpoint = this.house.places.endpoints.ORDERS_EVENTS_ENDPOINT): EventSubscriber {
    const subscriber = new EventSubscriber({
      endpoint,
      clock: systemClock,
      onEvent: (event) => this.events.push(event),
      repair: async (fromSeq, epoch) => {
        const answer = await this.ask<{ events: BusEvent[] }>('orders', 'order.replay', { fromSeq, epoch })
        return answer.events
      },
    })
    subscriber.start()
    this.closing.push(() => subscriber.close())
    return subscriber
  }

  /** Payloads of the subscribed topics as they come. */
  watchTicks(...topics: string[]): TickPayload[] {
    const ticks: TickPayload[] = []
    const subscriber = new TickSubscriber({
      endpoint: this.house.places.endpoints.FEED_TICKS_ENDPOINT,
      onTick: (_topic, payload) => ticks.push(JSON.parse(payload.toString()) as TickPayload),
    })
    for (const topic of topics) subscriber.subscribe(topic)
    this.closing.push(() => subscriber.close())
    return ticks
  }

  /** The first order event of this verb about this order. */
  event(orderId: string, verb: string, withinMs = 15_000): Promise<BusEvent> {
    return eventually(`event ${verb} of order ${orderId}`, withinMs, () =>
      this.events.find(({ topic, data }) => topic.endsWith(`.${verb}`) && orderIdOf(data) === orderId),
    )
  }

  async close(): Promise<void> {
    for (const close of this.closing.splice(0)) await close()
    for (const client of this.clients.values()) await client.close()
    this.clients.clear()
  }

  private client(service: Service): RequestClient {
    const known = this.clients.get(service)
    if (known) return known
    const endpoint = this.house.places.endpoints[ENDPOINT_OF[service]]
    const client = new RequestClient({ endpoint, clock: systemClock, ids: randomIds, apiKey: this.apiKey })
    this.clients.set(service, client)
    return client
  }
}

const ENDPOINT_OF = {
  auth: 'AUTH_REQUESTS_ENDPOINT',
  orders: 'ORDERS_REQUESTS_ENDPOINT',
  instruments: 'INSTRUMENTS_REQUESTS_ENDPOINT',
  feed: 'FEED_REQUESTS_ENDPOINT',
} as const satisfies Record<Service, string>

function orderIdOf(data: unknown): string | undefined {
  return (data as { order?: { orderId?: string } }).order?.orderId
}

/** Every order the simulated broker ever received. */
export async function brokerOrders(house: House): Promise<readonly BrokerRecord[]> {
  const body = (await (await fetch(`${house.controlUrl}/orders`)).json()) as { orders: BrokerRecord[] }
  return body.orders
}
