import { marginRejection } from '../state/margin'
import type { PositionKeeper } from '../state/position-keeper'
import type { InstrumentMarket } from './instrument-market'
import { exchangeRejection } from './order-checks'
import type { SessionPhase } from './session-phase'
import { isWaitingStop, type OrderTerms, type SimOrder } from './sim-order'
import { linkRejection } from './link-checks'
import type { TradingSessions } from './trading-sessions'

export interface AcceptanceParts {
  readonly positions: PositionKeeper
  readonly sessions: TradingSessions
}

/** Products that do not outlive their day. */
export const INTRADAY_PRODUCTS: readonly string[] = ['MIS', 'CO', 'BO']

export const MARKET_CLOSED = '16000 : The trading system is not available for trading'
const NOT_IN_SESSION = '16012 : Order type is not allowed in the current session'
const INTRADAY_OVER = 'RMS:Intraday orders are not allowed after square off time'

/** Why a new order is rejected, in the words of who rejects it: the risk system first, then the exchange. */
export function newOrderRejection(
  parts: AcceptanceParts,
  order: SimOrder,
  market: InstrumentMarket,
): string | undefined {
  return (
    intradayRejection(parts.sessions, order) ??
    marginOf(parts, { order, terms: order.state }, market) ??
    sessionRejection(parts.sessions.phaseOf(order.instrument.segment), order.state) ??
    exchangeRejection(order.state, order.side, order.instrument) ??
    linkRejection(order, market.tape.lastPrice)
  )
}

/** Why new terms are refused; the order then stays as it was. */
export function modificationRejection(
  parts: AcceptanceParts,
  change: { readonly order: SimOrder; readonly terms: OrderTerms },
  market: InstrumentMarket,
): string | undefined {
  const { order, terms } = change
  if (terms.quantity <= order.state.filledQuantity)
    return 'OEMS:Modified quantity is not above the traded quantity'
  return (
    marginOf(parts, change, market) ??
    sessionRejection(parts.sessions.phaseOf(order.instrument.segment), terms) ??
    exchangeRejection(terms, order.side, order.instrument)
  )
}

/** The risk system's own orders are what closes a day. */
function intradayRejection(sessions: TradingSessions, order: SimOrder): string | undefined {
  if (order.isRms === true || !INTRADAY_PRODUCTS.includes(order.state.productType)) return undefined
  return sessions.takesIntraday(order.instrument.segment) ? undefined : INTRADAY_OVER
}

function marginOf(
  parts: AcceptanceParts,
  change: { readonly order: SimOrder; readonly terms: OrderTerms },
  market: InstrumentMarket,
): string | undefined {
  if (change.order.isRms === true) return undefined
  return marginRejection({ ...change, lastPrice: market.tape.lastPrice, positions: parts.positions })
}

/** The pre-open takes what can rest; the closing session only deals at its one price. */
function sessionRejection(phase: SessionPhase, terms: OrderTerms): string | undefined {
  switch (phase) {
    case 'open':
      return undefined
    case 'closed':
      return MARKET_CLOSED
    case 'pre-open':
      return isWaitingStop(terms) || terms.timeInForce === 'IOC' ? NOT_IN_SESSION : undefined
    case 'closing':
      return terms.orderType === 'Market' ? undefined : NOT_IN_SESSION
  }
}
