import { isTerminal, type OrderEvent, type OrderState, type OrderView } from '@xts-bridge/contracts'

export interface OrderUpdateAudience {
  readonly broker: string
  readonly userId: string
}

/** The order_update frame of one order event, in the ecosystem's words. */
export function orderUpdateFrame({ order }: OrderEvent, { broker, userId }: OrderUpdateAudience): string {
  return JSON.stringify({
    type: 'order_update',
    user_id: userId,
    mode: 'live',
    broker,
    orderid: order.brokerOrderId ?? order.orderId,
    symbol: order.symbol,
    exchange: order.exchange,
    action: order.side,
    quantity: order.quantity,
    price: order.price,
    trigger_price: order.triggerPrice,
    pricetype: order.priceType,
    product: order.product,
    order_status: orderStatusWord(order.state),
    filled_quantity: order.filledQuantity,
    pending_quantity: pendingQuantity(order),
    average_price: order.averagePrice ?? 0,
    rejection_reason: order.reason ?? '',
  })
}

/** `unknown` stays unknown: clients show words they do not know as they are. */
function orderStatusWord(state: OrderState): string {
  switch (state) {
    case 'intended':
    case 'accepted':
    case 'open':
    case 'partially-filled':
      return 'open'
    case 'unknown':
      return 'unknown'
    case 'filled':
      return 'complete'
    case 'cancelled':
      return 'cancelled'
    case 'rejected':
    case 'absent':
      return 'rejected'
  }
}

/** What may still fill; nothing once the order has ended. */
function pendingQuantity({ state, quantity, filledQuantity }: OrderView): number {
  return isTerminal(state) ? 0 : quantity - filledQuantity
}
