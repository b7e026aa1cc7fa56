import { parseBrokerTime } from './broker-time'
import {
  optionalAmount,
  optionalText,
  requiredAmount,
  requiredCount,
  requiredId,
  requiredText,
  requiredWhole,
  type XtsRecord,
} from './fields'
import {
  fromXtsOrderStatus,
  fromXtsOrderType,
  fromXtsProduct,
  fromXtsSegmentName,
  fromXtsSide,
  fromXtsValidity,
} from './mapping'
import type { BrokerOrder } from './model'
import { Unreadable } from './unreadable'

/**
 * Reads a row of the order book or the payload of an `order` event (message 9004): the same fields, with other cases and
 * `…API` twins. Throws Unreadable, or NotOurs for an order that we could not have placed.
 */
export function parseOrderRow(row: XtsRecord): BrokerOrder {
  const segment = fromXtsSegmentName(requiredText(row, 'ExchangeSegment'))
  const product = fromXtsProduct(requiredText(row, 'ProductType'))
  const validity = fromXtsValidity(requiredText(row, 'TimeInForce'))
  const quantity = requiredCount(row, 'OrderQuantity')
  const filledQuantity = requiredCount(row, 'CumulativeQuantity')
  const status = requiredText(row, 'OrderStatus')
  const state = fromXtsOrderStatus(status, filledQuantity)
  if (filledQuantity > quantity || (state === 'filled' && filledQuantity !== quantity))
    throw new Unreadable(`CumulativeQuantity ${filledQuantity} contradicts ${state} of ${quantity}`)
  return {
    brokerOrderId: requiredId(row, 'AppOrderID'),
    tag: optionalText(row, 'OrderUniqueIdentifier') ?? '',
    clientID: optionalText(row, 'ClientID') ?? '',
    segment,
    token: requiredWhole(row, 'ExchangeInstrumentID', 'ExchangeInstrumentId'),
    side: fromXtsSide(requiredText(row, 'OrderSideAPI', 'OrderSide')),
    priceType: fromXtsOrderType(requiredText(row, 'OrderType')),
    product,
    validity,
    quantity,
    price: requiredAmount(row, 'OrderPrice'),
    triggerPrice: optionalAmount(row, 'OrderStopPrice') ?? 0,
    state,
    filledQuantity,
    remainingQuantity: requiredCount(row, 'LeavesQuantity'),
    averagePrice: averagePrice(row),
    reason: optionalText(row, 'CancelRejectReason'),
    isChanging: status === 'PendingReplace' || status === 'PendingCancel' ? true : undefined,
    updatedAtMs: updatedAt(row),
  }
}

/** The text has thousands commas and is empty before the first fill; its twin is a number or the word NaN. */
function averagePrice(row: XtsRecord): number | undefined {
  const price =
    optionalAmount(row, 'OrderAverageTradedPriceAPI') ?? optionalAmount(row, 'OrderAverageTradedPrice')
  return price === undefined || price === 0 ? undefined : price
}

/** The plain field before its twin: on the socket it has the fractions of the second. */
function updatedAt(row: XtsRecord): number | undefined {
  const names = [
    'LastUpdateDateTime',
    'LastUpdateDateTimeAPI',
    'ExchangeTransactTime',
    'OrderGeneratedDateTime',
  ]
  for (const name of names) {
    const atMs = parseBrokerTime(optionalText(row, name))
    if (atMs !== undefined) return atMs
  }
  return undefined
}
