import type { OrderState, SimOrder, SimTrade } from '../matching/sim-order'
import { orderEvent, tradeEvent } from './order-event-payloads'

/** What rows of 2020 and 2021 do not have yet, though today's events do. */
const LATER_FIELDS = [
  'BoLegDetails',
  'BoEntryOrderId',
  'OrderAverageTradedPriceAPI',
  'OrderSideAPI',
  'OrderGeneratedDateTimeAPI',
  'ExchangeTransactTimeAPI',
  'LastUpdateDateTimeAPI',
  'OrderExpiryDateAPI',
  'LastExecutionTransactTimeAPI',
  'AlgoID',
  'AlgoCategory',
  'MessageSynchronizeUniqueKey',
  'TradingSymbol',
]

/** A row of the order book as gateways wrote it in 2020: the fields and ISO times of an event, before the newer ones. */
export function oldOrderRow(order: SimOrder, state: OrderState): Record<string, unknown> {
  return asOfThen(orderEvent(order, state))
}

/** A row of the trade book of the same time. */
export function oldTradeRow(trade: SimTrade): Record<string, unknown> {
  return asOfThen(tradeEvent(trade))
}

function asOfThen(event: Record<string, unknown>): Record<string, unknown> {
  const fields = Object.entries(event).filter(([name]) => !LATER_FIELDS.includes(name))
  return { ...Object.fromEntries(fields), ApplicationType: 0 }
}
