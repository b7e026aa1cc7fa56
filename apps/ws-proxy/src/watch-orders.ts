import { mayUseAccount, mayUseClient } from '@xts-bridge/access'
import { EventSubscriber, type BusEvent, type RequestClient } from '@xts-bridge/bus'
import {
  isAboutOrder,
  type Caller,
  type Clock,
  type OrderEvent,
  type ReplayAnswer,
} from '@xts-bridge/contracts'

export interface WatchOrdersOptions {
  readonly eventsEndpoint: string
  /** order-execution's requests, asked with this service's own key. */
  readonly orders: Pick<RequestClient, 'request'>
  readonly clock: Clock
  readonly onOrder: (event: OrderEvent) => void
  /** Order events that neither came nor could be fetched. */
  readonly onLoss: (loss: Readonly<Record<string, unknown>>) => void
}

/** Hands over every order event once and in order; a gap is fetched from order-execution before anything later. */
export function watchOrders(options: WatchOrdersOptions): { close(): Promise<void> } {
  const subscriber = new EventSubscriber({
    endpoint: options.eventsEndpoint,
    clock: options.clock,
    onEvent: (event) => {
      if (isOrderEvent(event)) options.onOrder(event.data)
    },
    repair: async (afterSeq, epoch) => {
      const answer = await options.orders.request<ReplayAnswer>('order.replay', { epoch, fromSeq: afterSeq })
      return answer.events
    },
    onLoss: (loss) => options.onLoss({ ...loss }),
  })
  subscriber.start()
  return { close: () => subscriber.close() }
}

/** Whether this caller may see the order: the scope, and its account and clientID. */
export function maySeeOrder(caller: Caller, { order }: OrderEvent): boolean {
  return (
    caller.scopes.includes('order.read') &&
    mayUseAccount(caller, order.account) &&
    mayUseClient(caller, order.clientID)
  )
}

function isOrderEvent(event: BusEvent): event is BusEvent & { readonly data: OrderEvent } {
  return event.topic.startsWith('order.') && isAboutOrder(event.data)
}
