import type { Position } from '../state/position-keeper'
import type { InstrumentMarket } from './instrument-market'
import type { SessionChange } from './session-phase'
import type { ChangeAsk, OrderState, SimOrder, SimTrade } from './sim-order'
import type { TradeConversion } from './trade-conversion'

/** What becomes known outside: each turns into socket events. */
export interface ExchangeListener {
  orderChanged(order: SimOrder, state: OrderState): void
  traded(trade: SimTrade): void
  positionChanged(position: Position): void
  tapeMoved(market: InstrumentMarket): void
  /** A change was accepted; it is open until it is settled or the order ends. Not told to clients. */
  changeAsked(order: SimOrder, ask: ChangeAsk): void
  changeSettled(order: SimOrder, ask: ChangeAsk): void
  /** The broker itself made an order: a leg, or a square-off. Its life follows by itself. */
  orderMade(order: SimOrder): void
  /** Both positions are as they are after it. */
  positionConverted(conversion: TradeConversion, positions: readonly Position[]): void
  sessionChanged(change: SessionChange): void
}
