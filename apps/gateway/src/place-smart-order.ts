import type { SmartOrder, SmartOrderAnswer } from '@xts-bridge/contracts'
import type { BusAsker } from './bus-asker'
import { orderRefusalFrom } from './openalgo/error-answer'
import { readSmartOrder, type SmartOrderRequest } from './openalgo/order-fields'
import { pricesOf } from './order-prices'
import { sideOf, type OrderAnswer } from './place-order'
import { servedExchange } from './served-exchange'

/** Nothing was sent because the position is what was asked for. */
export interface MatchedAnswer {
  readonly status: 'success'
  readonly message: string
}

/** `POST /api/v1/placesmartorder`: brings a position to `position_size`, forwarded to `order.smart`. */
export class PlaceSmartOrder {
  constructor(private readonly orders: BusAsker) {}

  async place(body: unknown, clientOrderId: string): Promise<OrderAnswer | MatchedAnswer> {
    try {
      const request = readSmartOrder(body)
      const order = toSmartOrder(request)
      const identity = { apiKey: request.apikey, clientOrderId }
      const answer = await this.orders.request<SmartOrderAnswer>('order.smart', order, identity)
      if (answer.order) return { status: 'success', orderid: answer.order.brokerOrderId }
      return { status: 'success', message: matchedText(request.quantity) }
    } catch (error) {
      throw orderRefusalFrom(error, clientOrderId)
    }
  }
}

function toSmartOrder(request: SmartOrderRequest): Partial<SmartOrder> {
  return {
    strategy: request.strategy,
    exchange: servedExchange(request.exchange),
    symbol: request.symbol,
    product: request.product,
    targetPosition: request.position_size,
    priceType: request.pricetype,
    ...pricesOf(request),
    // Flat and asked to be flat, with a quantity: the order is sent exactly as requested (smart-order table, row 1).
    ...(request.position_size === 0 &&
      request.quantity > 0 && { whenFlat: { side: sideOf(request.action), quantity: request.quantity } }),
  }
}

/** Rows 2 and 3 of the smart-order table differ only in whether a quantity was sent. */
function matchedText(quantity: number): string {
  return quantity === 0
    ? 'No OpenPosition Found. Not placing Exit order.'
    : 'Positions Already Matched. No Action needed.'
}
