import type { Exchange } from '../matching/exchange'
import type { NumberSeries } from '../state/number-series'
import type { OrderLedger } from '../state/order-ledger'
import type { PositionKeeper } from '../state/position-keeper'
import type { KeptDay } from './restore-day'

/** What a day lives in. */
export interface DayParts {
  readonly ledger: OrderLedger
  readonly positions: PositionKeeper
  readonly numbers: NumberSeries
  readonly exchange: Exchange
}

/** Puts a kept day back: first everything that is past, then the prices, then the orders that are still alive. */
export function resumeDay(kept: KeptDay, { ledger, positions, numbers, exchange }: DayParts): void {
  if (kept.openings) positions.beginDay(kept.openings)
  for (const receipt of kept.receipts) ledger.addReceipt(receipt)
  for (const { order, openAsks } of kept.orders) {
    ledger.addOrder(order)
    numbers.passAppOrderId(order.appOrderId)
    if (order.link?.kind === 'cover-entry') numbers.passAppOrderId(order.link.exitOrderId)
    for (const state of order.history) {
      numbers.passSequence(state.sequence)
      if (state.exchangeOrderId !== '') numbers.passExchangeOrderId(state.exchangeOrderId)
    }
    for (const ask of openAsks) numbers.passSequence(ask.id)
  }
  for (const { trade, conversion } of kept.positionChanges) {
    if (conversion) {
      positions.convert(conversion)
      numbers.passSequence(conversion.sequence)
      continue
    }
    ledger.addTrade(trade)
    positions.add(trade)
    numbers.passExecutionId(trade.executionId)
    numbers.passSequence(trade.sequence)
  }
  for (const { instrument, price } of kept.lastPrices) exchange.market(instrument).jumpTo(price)
  exchange.resume(kept.orders)
}
