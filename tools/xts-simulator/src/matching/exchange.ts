import { hashOf, SeededRandom } from '../seeded-random'
import { marginRejection } from '../state/margin'
import type { NumberSeries } from '../state/number-series'
import type { OrderLedger } from '../state/order-ledger'
import type { Position, PositionKeeper } from '../state/position-keeper'
import type { ListedInstrument } from '../universe/listed-instrument'
import { referencePrice } from '../universe/reference-price'
import { SEGMENT_NUMBERS } from '../universe/segments'
import type { Universe } from '../universe/universe'
import { indianDate } from '../wire/indian-time'
import { InstrumentMarket, type MarketListener } from './instrument-market'
import { exchangeRejection } from './order-checks'
import {
  isTerminal,
  isWaitingStop,
  type ChangeAsk,
  type OrderState,
  type OrderTerms,
  type SimOrder,
  type SimTrade,
} from './sim-order'
import type { SimClock } from '../time/sim-clock'

/** What becomes known outside: each turns into socket events. */
export interface ExchangeListener {
  orderChanged(order: SimOrder, state: OrderState): void
  traded(trade: SimTrade): void
  positionChanged(position: Position): void
  tapeMoved(market: InstrumentMarket): void
  /** A change was accepted; it is open until it is settled or the order ends. Not told to clients. */
  changeAsked(order: SimOrder, ask: ChangeAsk): void
  changeSettled(order: SimOrder, ask: ChangeAsk): void
}

export interface ExchangeParts {
  readonly universe: Universe
  readonly ledger: OrderLedger
  readonly positions: PositionKeeper
  readonly numbers: NumberSeries
  readonly clock: SimClock
  readonly listener: ExchangeListener
  readonly seed: number
  /** From acknowledgement to exchange confirmation. */
  readonly exchangeDelayMs: number
  /** Until eaten liquidity is quoted anew. */
  readonly refillDelayMs: number
}

/** An order as the gateway took it, before it has a life. */
export type NewOrder = Omit<SimOrder, 'appOrderId' | 'state' | 'history' | 'receivedAtMs'> & {
  readonly terms: OrderTerms
  readonly tag: string
}

/** Takes orders from acknowledgement to their end, and owns a market for each instrument somebody asked about. */
export class Exchange implements MarketListener {
  private readonly markets = new Map<string, InstrumentMarket>()
  private readonly refilling = new Set<InstrumentMarket>()
  private readonly changing = new Set<SimOrder>()

  constructor(private readonly parts: ExchangeParts) {}

  /** The market of an instrument, made when it is first needed. */
  market(instrument: ListedInstrument): InstrumentMarket {
    const key = `${instrument.segment}|${instrument.token}`
    const known = this.markets.get(key)
    if (known) return known
    const random = new SeededRandom(hashOf(key, this.parts.seed))
    const price = referencePrice(instrument, this.parts.universe, indianDate(this.parts.clock.nowMs()))
    const market = new InstrumentMarket(
      { instrument, firstPrice: price, random, clock: this.parts.clock },
      this,
    )
    this.markets.set(key, market)
    return market
  }

  /** Markets that move although nobody watches: a client's order is in them. */
  marketsWithClientOrders(): InstrumentMarket[] {
    return [...this.markets.values()].filter((market) => market.hasClientOrders)
  }

  /** Accepts a new order; PendingNew, New and the fills follow by themselves. */
  submit(draft: NewOrder): SimOrder {
    const { terms, tag, ...identity } = draft
    const receivedAtMs = this.parts.clock.nowMs()
    const state: OrderState = {
      ...terms,
      tag,
      status: 'PendingNew',
      exchangeOrderId: '',
      filledQuantity: 0,
      filledValue: 0,
      reason: '',
      updatedAtMs: receivedAtMs,
      sequence: this.parts.numbers.nextSequence(),
    }
    const appOrderId = this.parts.numbers.nextAppOrderId()
    const order: SimOrder = { ...identity, appOrderId, receivedAtMs, state, history: [state] }
    this.parts.ledger.addOrder(order)
    this.parts.clock.later(0, () => {
      this.parts.listener.orderChanged(order, state)
      this.parts.clock.later(this.parts.exchangeDelayMs, () => this.confirm(order))
    })
    return order
  }

  /** Asks for new terms; Replaced or the old terms with a reason follow. `tag` undefined keeps the tag. */
  modify(order: SimOrder, terms: OrderTerms, tag: string | undefined): void {
    this.accept(order, { kind: 'modify', id: this.parts.numbers.nextSequence(), terms, tag })
  }

  cancel(order: SimOrder): void {
    this.accept(order, { kind: 'cancel', id: this.parts.numbers.nextSequence() })
  }

  /**
   * Takes up orders of an earlier run where they were left: what rested comes to the market again, oldest first, what
   * was on its way is confirmed, and accepted changes happen.
   */
  resume(kept: readonly { readonly order: SimOrder; readonly openAsks: readonly ChangeAsk[] }[]): void {
    const alive = kept.filter(({ order }) => !isTerminal(order.state))
    const rested = alive.map(({ order }) => order).filter((order) => order.state.exchangeOrderId !== '')
    rested.sort((one, other) => enteredAt(one) - enteredAt(other))
    for (const order of rested) this.market(order.instrument).enter(order)
    for (const { order, openAsks } of alive) {
      if (order.state.status === 'PendingNew')
        this.parts.clock.later(this.parts.exchangeDelayMs, () => this.confirm(order))
      for (const ask of openAsks) this.carryOut(order, ask)
    }
  }

  filled(order: SimOrder, priceRupees: number, quantity: number): void {
    const filledQuantity = order.state.filledQuantity + quantity
    const isComplete = filledQuantity === order.state.quantity
    const after = this.replaceState(order, {
      status: isComplete ? 'Filled' : 'PartiallyFilled',
      filledQuantity,
      filledValue: order.state.filledValue + priceRupees * quantity,
    })
    const trade: SimTrade = {
      order,
      after,
      executionId: this.parts.numbers.nextExecutionId(),
      price: priceRupees,
      quantity,
      tradedAtMs: after.updatedAtMs,
      sequence: this.parts.numbers.nextSequence(),
    }
    this.parts.ledger.addTrade(trade)
    this.parts.listener.traded(trade)
    this.parts.listener.orderChanged(order, after)
    this.parts.listener.positionChanged(this.parts.positions.add(trade))
  }

  triggered(order: SimOrder): void {
    this.change(order, { orderType: order.state.orderType === 'StopLimit' ? 'Limit' : 'Market' })
  }

  removed(order: SimOrder, reason: string): void {
    this.change(order, { status: 'Cancelled', reason })
  }

  tapeMoved(market: InstrumentMarket): void {
    this.parts.listener.tapeMoved(market)
  }

  needsRefill(market: InstrumentMarket): void {
    if (this.refilling.has(market)) return
    this.refilling.add(market)
    this.parts.clock.later(this.parts.refillDelayMs, () => {
      this.refilling.delete(market)
      market.refill()
    })
  }

  private confirm(order: SimOrder): void {
    const market = this.market(order.instrument)
    const rejection = this.newOrderRejection(order, market)
    if (rejection !== undefined) return this.change(order, { status: 'Rejected', reason: rejection })
    this.change(order, {
      status: 'New',
      exchangeOrderId: this.parts.numbers.nextExchangeOrderId(order.instrument.segment),
    })
    market.enter(order)
  }

  private accept(order: SimOrder, ask: ChangeAsk): void {
    this.parts.listener.changeAsked(order, ask)
    this.carryOut(order, ask)
  }

  private carryOut(order: SimOrder, ask: ChangeAsk): void {
    this.afterPending(order, ask.kind === 'cancel' ? 'PendingCancel' : 'PendingReplace', () => {
      if (ask.kind === 'modify') this.replace(order, ask.terms, ask.tag)
      else this.takeOut(order)
      this.parts.listener.changeSettled(order, ask)
    })
  }

  private replace(order: SimOrder, terms: OrderTerms, tag: string | undefined): void {
    const rejection = this.modificationRejection(order, terms)
    if (rejection !== undefined) {
      return this.change(order, { status: liveStatusOf(order), reason: rejection })
    }
    const market = this.market(order.instrument)
    market.leave(order)
    this.change(order, {
      ...termsAfterModify(order.state, terms),
      tag: tag ?? order.state.tag,
      status: 'Replaced',
      reason: '',
    })
    market.enter(order)
  }

  private takeOut(order: SimOrder): void {
    this.market(order.instrument).leave(order)
    this.change(order, { status: 'Cancelled' })
  }

  private newOrderRejection(order: SimOrder, market: InstrumentMarket): string | undefined {
    return (
      this.marginRejection(order, order.state, market) ??
      exchangeRejection(order.state, order.side, order.instrument)
    )
  }

  private modificationRejection(order: SimOrder, terms: OrderTerms): string | undefined {
    if (terms.quantity <= order.state.filledQuantity)
      return 'OEMS:Modified quantity is not above the traded quantity'
    const market = this.market(order.instrument)
    return (
      this.marginRejection(order, terms, market) ?? exchangeRejection(terms, order.side, order.instrument)
    )
  }

  private marginRejection(order: SimOrder, terms: OrderTerms, market: InstrumentMarket): string | undefined {
    const { lastPrice } = market.tape
    return marginRejection({ order, terms, lastPrice, positions: this.parts.positions })
  }

  /**
   * Shows the pending state and acts after the exchange's delay, unless the order ended meanwhile. The exchange takes
   * one thing at a time: what is asked of an order that is still on its way, or being changed, waits for that.
   */
  private afterPending(order: SimOrder, status: 'PendingReplace' | 'PendingCancel', act: () => void): void {
    const begin = (): void => {
      if (isTerminal(order.state)) return
      if (order.state.status === 'PendingNew' || this.changing.has(order)) {
        this.parts.clock.later(this.parts.exchangeDelayMs, begin)
        return
      }
      this.changing.add(order)
      this.change(order, { status })
      this.parts.clock.later(this.parts.exchangeDelayMs, () => {
        this.changing.delete(order)
        if (!isTerminal(order.state)) act()
      })
    }
    this.parts.clock.later(0, begin)
  }

  private change(order: SimOrder, changes: Partial<OrderState>): void {
    this.parts.listener.orderChanged(order, this.replaceState(order, changes))
  }

  private replaceState(order: SimOrder, changes: Partial<OrderState>): OrderState {
    const updatedAtMs = this.parts.clock.nowMs()
    const state = { ...order.state, ...changes, updatedAtMs, sequence: this.parts.numbers.nextSequence() }
    order.state = state
    order.history.push(state)
    return state
  }
}

/** What an order goes back to when a change is refused. */
function liveStatusOf(order: SimOrder): OrderState['status'] {
  if (order.state.filledQuantity > 0) return 'PartiallyFilled'
  return order.history.some((state) => state.status === 'Replaced') ? 'Replaced' : 'New'
}

/** The sequence number with which an order last came to its place in the market: confirmed, replaced or triggered. */
function enteredAt(order: SimOrder): number {
  let enteredAs = order.state
  let previous: OrderState | undefined
  for (const state of order.history) {
    const isReplacement = state.status === 'Replaced' && state.reason === ''
    const isNewPlace =
      state.exchangeOrderId !== previous?.exchangeOrderId || state.orderType !== previous.orderType
    if (isReplacement || isNewPlace) enteredAs = state
    previous = state
  }
  return enteredAs.sequence
}

/** The asked terms and nothing else; a stop order whose trigger was reached stays triggered, whatever type is repeated. */
function termsAfterModify(state: OrderState, asked: OrderTerms): OrderTerms {
  const wasTriggered = state.stopPrice > 0 && !isWaitingStop(state)
  return {
    orderType: wasTriggered && isWaitingStop(asked) ? state.orderType : asked.orderType,
    productType: asked.productType,
    timeInForce: asked.timeInForce,
    quantity: asked.quantity,
    disclosedQuantity: asked.disclosedQuantity,
    price: asked.price,
    stopPrice: asked.stopPrice,
  }
}

/** `NSECM|2885`-like keys are for maps; the market-data API names an instrument by segment number and token. */
export function numericKey(instrument: ListedInstrument): string {
  return `${SEGMENT_NUMBERS[instrument.segment]}:${instrument.token}`
}
