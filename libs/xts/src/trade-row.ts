import { parseBrokerTime } from './broker-time'
import {
  optionalText,
  requiredAmount,
  requiredCount,
  requiredId,
  requiredText,
  requiredWhole,
  type XtsRecord,
} from './fields'
import { fromXtsProduct, fromXtsSegmentName, fromXtsSide } from './mapping'
import type { BrokerTrade } from './model'
import { Unreadable } from './unreadable'

/**
 * Reads a row of the trade book or the payload of a `trade` event (message 9005): one fill. Its own quantity and price are
 * LastTraded…; the order's fields in it are totals. Throws Unreadable, or NotOurs.
 */
export function parseTradeRow(row: XtsRecord): BrokerTrade {
  const segment = fromXtsSegmentName(requiredText(row, 'ExchangeSegment'))
  const product = fromXtsProduct(requiredText(row, 'ProductType'))
  const quantity = requiredCount(row, 'LastTradedQuantity')
  if (quantity === 0) throw new Unreadable('LastTradedQuantity is 0')
  return {
    brokerOrderId: requiredId(row, 'AppOrderID'),
    tag: optionalText(row, 'OrderUniqueIdentifier') ?? '',
    tradeId: requiredText(row, 'ExecutionID'),
    clientID: optionalText(row, 'ClientID') ?? '',
    segment,
    token: requiredWhole(row, 'ExchangeInstrumentID', 'ExchangeInstrumentId'),
    side: fromXtsSide(requiredText(row, 'OrderSideAPI', 'OrderSide')),
    product,
    quantity,
    price: requiredAmount(row, 'LastTradedPrice'),
    tradedAtMs:
      parseBrokerTime(optionalText(row, 'LastExecutionTransactTime')) ??
      parseBrokerTime(optionalText(row, 'LastExecutionTransactTimeAPI')),
  }
}
