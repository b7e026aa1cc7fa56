import { isWaitingStop, termsOf, type OrderState, type OrderTerms, type SimOrder } from './sim-order'

/** The asked terms and nothing else; a stop order whose trigger was reached stays triggered, whatever type is repeated. */
export function termsAfterModify(state: OrderState, asked: OrderTerms): OrderTerms {
  const wasTriggered = state.stopPrice > 0 && !isWaitingStop(state)
  const orderType = wasTriggered && isWaitingStop(asked) ? state.orderType : asked.orderType
  return { ...termsOf(asked), orderType }
}

/** An order keeps its place when it only becomes smaller; a new price, a larger quantity or anything else loses it. */
export function keepsPlace(before: OrderTerms, after: OrderTerms): boolean {
  return (
    after.quantity <= before.quantity &&
    after.price === before.price &&
    after.stopPrice === before.stopPrice &&
    after.orderType === before.orderType &&
    after.timeInForce === before.timeInForce &&
    after.disclosedQuantity === before.disclosedQuantity
  )
}

/** The sequence number with which an order last came to its place in the market: confirmed, replaced or triggered. */
export function enteredAt(order: SimOrder): number {
  let enteredAs = order.state
  let placed: OrderState | undefined
  for (const state of order.history) {
    if (state.exchangeOrderId === '') continue
    const isTriggered = placed !== undefined && state.orderType !== placed.orderType
    const isMoved = state.status === 'Replaced' && placed !== undefined && !keepsPlace(placed, state)
    if (placed === undefined || isTriggered || isMoved) enteredAs = state
    placed = state
  }
  return enteredAs.sequence
}

/** What an order goes back to when a change is refused: what it was before it was asked for, or has become meanwhile. */
export function liveStatusOf(order: SimOrder): OrderState['status'] {
  const last = order.history.findLast(({ status }) => !status.startsWith('Pending'))
  return last?.status ?? 'New'
}
