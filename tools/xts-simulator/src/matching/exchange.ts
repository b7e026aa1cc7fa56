import { hashOf, SeededRandom } from '../seeded-random'
import type { Account } from '../state/account'
import type { NumberSeries } from '../state/number-series'
import type { OrderLedger } from '../state/order-ledger'
import type { PositionKeeper } from '../state/position-keeper'
import type { SimClock } from '../time/sim-clock'
import type { ListedInstrument } from '../universe/listed-instrument'
import { referencePrice } from '../universe/reference-price'
import { SEGMENT_NUMBERS, type SegmentName } from '../universe/segments'
import type { Universe } from '../universe/universe'
import { indianDate } from '../wire/indian-time'
import { conversionFrom } from './convert-position'
import type { ExchangeListener } from './exchange-listener'
import { InstrumentMarket, SYSTEM_CANCEL_REASON, type MarketListener } from './instrument-market'
import { LinkedOrders, type Leg } from './linked-orders'
import { modificationRejection, newOrderRejection } from './order-acceptance'
import { OrderStates } from './order-states'
import type { OrderTwists } from './order-twists'
import { enteredAt, liveStatusOf, termsAfterModify } from './order-terms'
import type { SessionChange } from './session-phase'
import {
  isTerminal,
  leavesOf,
  termsOf,
  type ChangeAsk,
  type OrderState,
  type OrderTerms,
  type SimOrder,
} from './sim-order'
import { squareOffIntraday } from './square-off-intraday'
import type { ConversionRequest, TradeConversion } from './trade-conversion'
import type { TradingSessions } from './trading-sessions'

export type { ExchangeListener } from './exchange-listener'

export interface ExchangeParts {
  readonly accounts: readonly Account[]
  readonly universe: Universe
  readonly ledger: OrderLedger
  readonly positions: PositionKeeper
  readonly numbers: NumberSeries
  readonly clock: SimClock
  readonly sessions: TradingSessions
  readonly listener: ExchangeListener
  /** Where an order can take another way than the usual one. */
  readonly twists?: OrderTwists | undefined
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
  /** A number that was given out before. */
  readonly appOrderId?: number | undefined
}

/** Takes orders from acknowledgement to their end, and owns a market for each instrument somebody asked about. */
export class Exchange implements MarketListener {
  private readonly markets = new Map<string, InstrumentMarket>()
  /** Those that may hold an order of a client. */
  private readonly busy = new Set<InstrumentMarket>()
  private readonly refilling = new Set<InstrumentMarket>()
  private readonly changing = new Set<SimOrder>()
  private readonly states: OrderStates
  readonly links: LinkedOrders

  constructor(private readonly parts: ExchangeParts) {
    this.states = new OrderStates(parts)
    this.links = new LinkedOrders({
      makeLeg: (leg) => this.makeLeg(leg),
      modify: (order, terms) => this.modify(order, terms, undefined),
      cancel: (order) => this.cancel(order),
      shrinkNow: (order, quantity) => this.shrinkNow(order, quantity),
      cancelNow: (order) => this.cancelNow(order, ''),
      isChanging: (order) => this.changing.has(order),
      firstFillPrice: (order) =>
        parts.ledger.tradesOf(order.clientCode).find((trade) => trade.order === order)?.price,
    })
  }

  /** Where each segment stands in its day. */
  get sessions(): TradingSessions {
    return this.parts.sessions
  }

  /** The market of an instrument, made when it is first needed. */
  market(instrument: ListedInstrument): InstrumentMarket {
    const key = `${instrument.segment}|${instrument.token}`
    const known = this.markets.get(key)
    if (known) return known
    const { clock, seed, sessions, universe } = this.parts
    const random = new SeededRandom(hashOf(key, seed))
    const firstPrice = referencePrice(instrument, universe, indianDate(clock.nowMs()))
    const phase = () => sessions.phaseOf(instrument.segment)
    const market = new InstrumentMarket({ instrument, firstPrice, random, clock, phase }, this)
    this.markets.set(key, market)
    return market
  }

  /** Markets that move although nobody watches: a client's order is in them. */
  marketsWithClientOrders(): InstrumentMarket[] {
    for (const market of this.busy) if (!market.hasClientOrders) this.busy.delete(market)
    return [...this.busy]
  }

  /** From here on the time of day has its way: sessions begin and end, and what is intraday is squared off. */
  beginDay(): void {
    for (const market of this.marketsWithClientOrders()) {
      if (this.sessions.phaseOf(market.instrument.segment) === 'closed') market.close()
    }
    this.sessions.start({
      sessionChanged: (change) => this.sessionChanged(change),
      squareOffDue: (segment) => this.squareOff(segment),
    })
  }

  /** Accepts a new order; PendingNew, New and the fills follow by themselves. */
  submit(draft: NewOrder): SimOrder {
    const { terms, tag, appOrderId: reserved, ...identity } = draft
    const { clock, numbers, ledger, listener, exchangeDelayMs } = this.parts
    const receivedAtMs = clock.nowMs()
    const state: OrderState = {
      ...terms,
      tag,
      status: 'PendingNew',
      exchangeOrderId: '',
      filledQuantity: 0,
      filledValue: 0,
      reason: '',
      updatedAtMs: receivedAtMs,
      sequence: numbers.nextSequence(),
    }
    const appOrderId = reserved ?? numbers.nextAppOrderId()
    // The one object of this instrument: a look-up makes a new one each time, and an order would hold on to it.
    const { instrument } = this.market(draft.instrument)
    const order: SimOrder = { ...identity, instrument, appOrderId, receivedAtMs, state, history: [state] }
    ledger.addOrder(order)
    this.links.add(order)
    clock.later(0, () => {
      listener.orderChanged(order, state)
      clock.later(exchangeDelayMs, () => this.confirm(order))
    })
    return order
  }

  /** Accepts an order that no client sent; it is kept like any other. */
  submitOwn(draft: NewOrder): SimOrder {
    const order = this.submit(draft)
    this.parts.listener.orderMade(order)
    return order
  }

  /** Asks for new terms; Replaced or the old terms with a reason follow. `tag` undefined keeps the tag. */
  modify(order: SimOrder, terms: OrderTerms, tag: string | undefined): void {
    const id = this.parts.numbers.nextSequence()
    this.accept(order, { kind: 'modify', id, terms: termsOf(terms), tag })
  }

  cancel(order: SimOrder): void {
    this.accept(order, { kind: 'cancel', id: this.parts.numbers.nextSequence() })
  }

  /** Moves part of a position to another product and tells everybody; undefined when there is not so much of it. */
  convert(request: ConversionRequest): TradeConversion | undefined {
    const conversion = conversionFrom(request, this.parts)
    if (!conversion) return undefined
    this.parts.listener.positionConverted(conversion, this.parts.positions.convert(conversion))
    return conversion
  }

  /**
   * Takes up orders of an earlier run where they were left: what rested comes to the market again, oldest first, what
   * was on its way is confirmed, and accepted changes happen.
   */
  resume(kept: readonly { readonly order: SimOrder; readonly openAsks: readonly ChangeAsk[] }[]): void {
    for (const { order } of kept) this.links.add(order)
    const alive = kept.filter(({ order }) => !isTerminal(order.state))
    const rested = alive.map(({ order }) => order).filter((order) => order.state.exchangeOrderId !== '')
    rested.sort((one, other) => enteredAt(one) - enteredAt(other))
    for (const order of rested) this.enter(order)
    for (const { order, openAsks } of alive) {
      if (order.state.status === 'PendingNew')
        this.parts.clock.later(this.parts.exchangeDelayMs, () => this.confirm(order))
      for (const ask of openAsks) this.carryOut(order, ask)
    }
    for (const { order } of kept) this.links.afterChange(order)
  }

  filled(order: SimOrder, priceRupees: number, quantity: number): void {
    this.states.fill(order, priceRupees, quantity)
    this.links.afterChange(order)
  }

  triggered(order: SimOrder): void {
    this.change(order, { orderType: order.state.orderType === 'StopLimit' ? 'Limit' : 'Market' })
  }

  removed(order: SimOrder, reason: string): void {
    this.change(order, { status: 'Cancelled', reason })
  }

  tapeMoved(market: InstrumentMarket): void {
    this.parts.listener.tapeMoved(market)
    this.links.afterMove(market.instrument, market.tape.lastPrice)
  }

  needsRefill(market: InstrumentMarket): void {
    if (this.refilling.has(market)) return
    this.refilling.add(market)
    this.parts.clock.later(this.parts.refillDelayMs, () => {
      this.refilling.delete(market)
      market.refill()
    })
  }

  /** Takes an order back at once. What the exchange has not seen yet it rejects. */
  cancelNow(order: SimOrder, reason: string): void {
    if (isTerminal(order.state)) return
    this.market(order.instrument).leave(order)
    const { status } = order.state
    if (status === 'PendingNew') return this.change(order, { status: 'Rejected', reason })
    if (!status.startsWith('Pending')) this.states.change(order, { status: 'PendingCancel' })
    this.change(order, { status: 'Cancelled', reason })
  }

  private shrinkNow(order: SimOrder, quantity: number): void {
    const { status } = order.state
    if (status === 'PendingCancel') return this.cancelNow(order, '')
    if (status !== 'PendingReplace') this.states.change(order, { status: 'PendingReplace' })
    const before = order.state
    this.states.change(order, { status: 'Replaced', quantity })
    this.market(order.instrument).amend(order, before)
  }

  private makeLeg({ entry, link, appOrderId, terms }: Leg): SimOrder {
    const { account, clientCode, clientIdEcho, instrument, apiOrderSource } = entry
    const owner = { account, clientCode, clientIdEcho, instrument, apiOrderSource }
    const side = entry.side === 'BUY' ? 'SELL' : 'BUY'
    return this.submitOwn({ ...owner, side, link, terms, tag: entry.state.tag, appOrderId })
  }

  private confirm(order: SimOrder, isLate = false): void {
    if (isTerminal(order.state)) return
    const twist = isLate ? undefined : this.parts.twists?.onConfirm(order)
    if (twist?.confirmAfterMs !== undefined) {
      this.parts.clock.later(twist.confirmAfterMs, () => this.confirm(order, true))
      return
    }
    const market = this.market(order.instrument)
    const reason = newOrderRejection(this.parts, order, market)
    if (reason !== undefined) return this.change(order, { status: 'Rejected', reason })
    this.change(order, {
      status: 'New',
      exchangeOrderId: this.parts.numbers.nextExchangeOrderId(order.instrument.segment),
    })
    this.enter(order)
    if (twist?.rejectAfterMs !== undefined) this.rejectLater(order, twist.rejectAfterMs, twist.reason ?? '')
  }

  /** What still rests then is rejected after all. */
  private rejectLater(order: SimOrder, delayMs: number, reason: string): void {
    this.parts.clock.later(delayMs, () => {
      if (isTerminal(order.state)) return
      this.market(order.instrument).leave(order)
      this.change(order, { status: 'Rejected', reason })
    })
  }

  private enter(order: SimOrder): void {
    if (isTerminal(order.state)) return
    const market = this.market(order.instrument)
    market.enter(order)
    if (market.hasClientOrders) this.busy.add(market)
  }

  private accept(order: SimOrder, ask: ChangeAsk): void {
    this.parts.listener.changeAsked(order, ask)
    this.carryOut(order, ask)
  }

  private carryOut(order: SimOrder, ask: ChangeAsk): void {
    this.afterPending(order, ask.kind === 'cancel' ? 'PendingCancel' : 'PendingReplace', () => {
      if (ask.kind === 'modify') this.replace(order, this.links.termsFor(order, ask.terms), ask.tag)
      else this.takeOut(order)
      this.parts.listener.changeSettled(order, ask)
    })
  }

  private replace(order: SimOrder, terms: OrderTerms, tag: string | undefined): void {
    const market = this.market(order.instrument)
    const reason = modificationRejection(this.parts, { order, terms }, market)
    if (reason !== undefined) return this.change(order, { status: liveStatusOf(order), reason })
    const before = order.state
    const kept = { tag: tag ?? before.tag, status: 'Replaced', reason: '' } as const
    this.states.change(order, { ...termsAfterModify(before, terms), ...kept })
    market.amend(order, before)
    if (market.hasClientOrders) this.busy.add(market)
    this.links.afterChange(order)
  }

  private takeOut(order: SimOrder): void {
    this.market(order.instrument).leave(order)
    this.change(order, { status: 'Cancelled' })
    const { fillAfterMs } = this.parts.twists?.onCancelled(order) ?? {}
    if (fillAfterMs === undefined) return
    const price = order.state.price || this.market(order.instrument).tape.lastPrice
    this.parts.clock.later(fillAfterMs, () => {
      const isKnown = this.parts.ledger.find(order.appOrderId) === order
      if (isKnown) this.filled(order, price, leavesOf(order.state))
    })
  }

  /** Nothing outlives the day: what is alive ends by the exchange's word, legs of cover and bracket orders too. */
  endDay(): void {
    this.links.forgetAll()
    for (const order of this.parts.ledger.all()) {
      if (isTerminal(order.state)) continue
      this.market(order.instrument).leave(order)
      const status = order.state.status === 'PendingNew' ? 'Rejected' : 'Cancelled'
      this.change(order, { status, reason: SYSTEM_CANCEL_REASON })
    }
    this.changing.clear()
  }

  /** Ends every order without telling anybody, as a restart that kept nothing does. */
  forgetOrders(): void {
    for (const order of this.parts.ledger.all()) {
      if (isTerminal(order.state)) continue
      this.market(order.instrument).leave(order)
      order.state = { ...order.state, status: 'Cancelled' }
    }
    this.links.forgetAll()
  }

  /**
   * Shows the pending state and acts after the exchange's delay, unless the order ended meanwhile. The exchange takes
   * one thing at a time: what is asked of an order that is still on its way, or being changed, waits for that.
   */
  private afterPending(order: SimOrder, status: 'PendingReplace' | 'PendingCancel', act: () => void): void {
    const { clock, exchangeDelayMs } = this.parts
    const begin = (): void => {
      if (isTerminal(order.state)) return
      if (order.state.status === 'PendingNew' || this.changing.has(order)) {
        clock.later(exchangeDelayMs, begin)
        return
      }
      this.changing.add(order)
      this.states.change(order, { status })
      clock.later(exchangeDelayMs, () => {
        this.changing.delete(order)
        if (!isTerminal(order.state)) act()
      })
    }
    clock.later(0, begin)
  }

  private change(order: SimOrder, changes: Partial<OrderState>): void {
    this.states.change(order, changes)
    this.links.afterChange(order)
  }

  private sessionChanged(change: SessionChange): void {
    this.parts.listener.sessionChanged(change)
    for (const market of this.marketsWithClientOrders()) {
      if (market.instrument.segment !== change.segment) continue
      if (change.phase === 'open') market.open()
      if (change.phase === 'closed') market.close()
    }
  }

  private squareOff(segment: SegmentName): void {
    squareOffIntraday(segment, {
      ...this.parts,
      withdraw: (order, reason) => this.cancelNow(order, reason),
      submit: (draft) => this.submitOwn(draft),
    })
  }
}

/** `NSECM|2885`-like keys are for maps; the market-data API names an instrument by segment number and token. */
export function numericKey(instrument: ListedInstrument): string {
  return `${SEGMENT_NUMBERS[instrument.segment]}:${instrument.token}`
}
