import type { NumberSeries } from '../state/number-series'
import type { OrderLedger } from '../state/order-ledger'
import type { PositionKeeper } from '../state/position-keeper'
import type { SimClock } from '../time/sim-clock'
import type { ExchangeListener } from './exchange-listener'
import type { OrderState, SimOrder, SimTrade } from './sim-order'

export interface StateParts {
  readonly clock: SimClock
  readonly numbers: NumberSeries
  readonly ledger: OrderLedger
  readonly positions: PositionKeeper
  readonly listener: ExchangeListener
}

/** Moves orders from one state to the next and tells it; nothing else changes an order. */
export class OrderStates {
  constructor(private readonly parts: StateParts) {}

  change(order: SimOrder, changes: Partial<OrderState>): void {
    this.parts.listener.orderChanged(order, this.next(order, changes))
  }

  /** A fill: the trade is told first, then the order, then the position. */
  fill(order: SimOrder, price: number, quantity: number): void {
    const filledQuantity = order.state.filledQuantity + quantity
    const after = this.next(order, {
      status: filledQuantity === order.state.quantity ? 'Filled' : 'PartiallyFilled',
      filledQuantity,
      filledValue: order.state.filledValue + price * quantity,
    })
    const trade: SimTrade = {
      order,
      after,
      executionId: this.parts.numbers.nextExecutionId(),
      price,
      quantity,
      tradedAtMs: after.updatedAtMs,
      sequence: this.parts.numbers.nextSequence(),
    }
    const { ledger, listener, positions } = this.parts
    ledger.addTrade(trade)
    listener.traded(trade)
    listener.orderChanged(order, after)
    listener.positionChanged(positions.add(trade))
  }

  private next(order: SimOrder, changes: Partial<OrderState>): OrderState {
    const updatedAtMs = this.parts.clock.nowMs()
    const state = { ...order.state, ...changes, updatedAtMs, sequence: this.parts.numbers.nextSequence() }
    order.state = state
    order.history.push(state)
    return state
  }
}
