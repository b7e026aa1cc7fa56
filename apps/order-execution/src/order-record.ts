import { CLAIM_LIFE_MS, type SmartCalculation } from '@xts-bridge/persistence'
import type { Exchange, OrderView, Segment } from '@xts-bridge/contracts'
import type { BrokerOrder, BrokerTrade } from '@xts-bridge/xts'
import type { FillEvidence, IntendedOrder, OrderEvidence, SettledEntry } from '@xts-bridge/persistence'
import { averagePrice, filledQuantity, isLive, stateOf, type OrderFacts } from './order-state'
import type { InstrumentsPort } from './ports'

/** How the call that sent the order ended; the answer to give again for its clientOrderId. */
export type Settlement = Pick<SettledEntry, 'outcome' | 'brokerOrderId' | 'state' | 'code' | 'details'>

/** One order of ours, or one placed by hand or by another program ("foreign"). */
export interface OrderRecord {
  /** Empty for a foreign order. */
  readonly orderId: string
  readonly account: string
  readonly facts: OrderFacts
  readonly placedAtMs: number
  readonly updatedAtMs: number
  /** The order left us before this time, if at all. */
  readonly sentBeforeMs: number
  readonly settlement?: Settlement | undefined
  readonly part: number
  readonly parts: number
  readonly bodyHash?: string | undefined
  readonly smart?: SmartCalculation | undefined
}

/** How long an order is kept in memory: as long as its clientOrderId may be asked for again. */
export const RECORD_LIFE_MS = CLAIM_LIFE_MS

export function viewOf(record: OrderRecord): OrderView {
  const { facts } = record
  const { order, lastRow } = facts
  const { priceType, validity, price, triggerPrice } = lastRow ?? order
  return {
    orderId: record.orderId,
    brokerOrderId: facts.brokerOrderId,
    clientOrderId: order.clientOrderId,
    account: record.account,
    clientID: order.clientID,
    strategy: order.strategy,
    exchange: order.exchange,
    symbol: order.symbol,
    side: order.side,
    priceType,
    product: order.product,
    validity,
    quantity: lastRow?.quantity ?? facts.quantity,
    price,
    triggerPrice,
    state: stateOf(facts),
    filledQuantity: filledQuantity(facts),
    averagePrice: averagePrice(facts),
    reason: reasonOf(facts),
    updatedAtMs: record.updatedAtMs,
  }
}

/** A live order's is what its newest row says, such as why a modification was refused. */
function reasonOf(facts: OrderFacts): string | undefined {
  return facts.lastRow !== undefined && isLive(facts) ? facts.lastRow.reason : facts.reason
}

/** The part of a broker's row that is evidence. */
export function orderEvidence(row: BrokerOrder): OrderEvidence {
  const { brokerOrderId, tag, clientID, segment, token, side, priceType, product, validity } = row
  const { quantity, price, triggerPrice, state, filledQuantity: filled, reason, isChanging } = row
  const newest = { isChanging, rowAtMs: row.updatedAtMs }
  const what = { brokerOrderId, tag, clientID, segment, token, side, priceType, product, validity }
  return { ...what, quantity, price, triggerPrice, state, filledQuantity: filled, reason, ...newest }
}

/** The part of a broker's trade that is evidence; a trade without a time gets the time it was seen. */
export function fillEvidence(trade: BrokerTrade, seenAtMs: number): FillEvidence {
  const { brokerOrderId, tag, clientID, segment, token, side, product, tradeId, quantity, price } = trade
  const tradedAtMs = trade.tradedAtMs ?? seenAtMs
  return { brokerOrderId, tag, clientID, segment, token, side, product, tradeId, quantity, price, tradedAtMs }
}

const EXCHANGE_OF_SEGMENT: Readonly<Record<Segment, Exchange>> = {
  NSECM: 'NSE',
  NSEFO: 'NFO',
  NSECD: 'CDS',
  BSECM: 'BSE',
  BSEFO: 'BFO',
  BSECD: 'BCD',
  MCXFO: 'MCX',
}

/** How we name an instrument the broker's row names; by its token where our list does not have it. */
export function nameOf(
  instruments: Pick<InstrumentsPort, 'byToken'>,
  { segment, token }: { readonly segment: Segment; readonly token: number },
): { readonly exchange: Exchange; readonly symbol: string } {
  const found = instruments.byToken(segment, token)
  if (found !== undefined) return { exchange: found.exchange, symbol: found.symbol }
  return { exchange: EXCHANGE_OF_SEGMENT[segment], symbol: String(token) }
}

/** A foreign order as if it had been intended, from the first row that shows it. */
export function foreignOrder(
  row: OrderEvidence,
  instruments: Pick<InstrumentsPort, 'byToken'>,
): IntendedOrder {
  const { clientID, segment, token, side, priceType, product, validity, quantity, price, triggerPrice } = row
  const what = { ...nameOf(instruments, row), segment, token, side, priceType, product, validity }
  return { clientID, ...what, quantity, disclosedQuantity: 0, price, triggerPrice }
}
