import type { ChangeAsk, OrderState, SimOrder, SimTrade } from '../matching/sim-order'
import type { TradeConversion } from '../matching/trade-conversion'
import type { Receipt } from '../state/order-ledger'
import type { ListedInstrument } from '../universe/listed-instrument'
import type { DayLine, NewOrderLine } from './day-lines'

/** Writes down what happens, before anybody is told. Each thing is a line of its own. */
export class DayRecord {
  private stateOfLastFill: OrderState | undefined

  /** `write` returns when the line is kept. */
  constructor(private readonly write: (line: DayLine) => void) {}

  received(receipt: Receipt): void {
    const { tag, receivedAtMs: atMs, userId, order, refusal } = receipt
    this.write({ kind: 'received', atMs, tag, userId, refusal, order: order && newOrderOf(order) })
  }

  /** An order the broker itself made, before anything happens to it. */
  orderMade(order: SimOrder): void {
    this.write({ kind: 'made', order: newOrderOf(order) })
  }

  converted(conversion: TradeConversion): void {
    const { account, instrument, ...rest } = conversion
    const { segment, token } = instrument
    this.write({ kind: 'converted', loginId: account.userId, segment, token, ...rest })
  }

  orderChanged(order: SimOrder, state: OrderState): void {
    // The first state is in the line of the receipt, that of a fill in the line of the fill.
    if (state === order.history[0] || state === this.stateOfLastFill) return
    this.write({ kind: 'changed', order: order.appOrderId, state })
  }

  traded(trade: SimTrade): void {
    const { order, after, executionId, price, quantity, tradedAtMs, sequence } = trade
    const fill = { executionId, price, quantity, tradedAtMs, sequence }
    this.stateOfLastFill = after
    this.write({ kind: 'filled', order: order.appOrderId, state: after, ...fill })
  }

  changeAsked(order: SimOrder, ask: ChangeAsk): void {
    this.write({ kind: 'asked', order: order.appOrderId, ask })
  }

  changeSettled(order: SimOrder, ask: ChangeAsk): void {
    this.write({ kind: 'settled', order: order.appOrderId, ask: ask.id })
  }

  forgotten(withReceipts: boolean, atMs: number): void {
    this.write({ kind: 'forgotten', atMs, withReceipts })
  }

  priceJumped({ segment, token }: ListedInstrument, price: number, atMs: number): void {
    this.write({ kind: 'price', atMs, segment, token, price })
  }
}

function newOrderOf(order: SimOrder): NewOrderLine {
  const { appOrderId, clientCode, clientIdEcho, side, apiOrderSource, receivedAtMs, link, isRms, state } =
    order
  const { segment, token } = order.instrument
  const loginId = order.account.userId
  const identity = {
    appOrderId,
    loginId,
    clientCode,
    clientIdEcho,
    side,
    apiOrderSource,
    receivedAtMs,
    link,
    isRms,
  }
  return { segment, token, ...identity, state }
}
