import type { PlacedOrder, PlaceOrder as Order, Side } from '@xts-bridge/contracts'
import type { BusAsker } from './bus-asker'
import { orderRefusalFrom } from './openalgo/error-answer'
import { readPlaceOrder, type PlaceOrderRequest } from './openalgo/order-fields'
import { pricesOf } from './order-prices'
import { servedExchange } from './served-exchange'

export interface OrderAnswer {
  readonly status: 'success'
  readonly orderid: string
}

/** `POST /api/v1/placeorder`: one order, forwarded to `order.place` under the caller's own key. */
export class PlaceOrder {
  constructor(private readonly orders: BusAsker) {}

  async place(body: unknown, clientOrderId: string): Promise<OrderAnswer> {
    try {
      const request = readPlaceOrder(body)
      const order = toOrder(request)
      const identity = { apiKey: request.apikey, clientOrderId }
      const placed = await this.orders.request<PlacedOrder>('order.place', order, identity)
      return { status: 'success', orderid: placed.brokerOrderId }
    } catch (error) {
      throw orderRefusalFrom(error, clientOrderId)
    }
  }
}

function toOrder(request: PlaceOrderRequest): Partial<Order> {
  return {
    strategy: request.strategy,
    exchange: servedExchange(request.exchange),
    symbol: request.symbol,
    side: sideOf(request.action),
    quantity: request.quantity,
    priceType: request.pricetype,
    product: request.product,
    ...pricesOf(request),
    disclosedQuantity: request.disclosed_quantity,
  }
}

/** Both cases are accepted; tools of the ecosystem send either. */
export function sideOf(action: PlaceOrderRequest['action']): Side {
  return action === 'BUY' || action === 'buy' ? 'BUY' : 'SELL'
}
