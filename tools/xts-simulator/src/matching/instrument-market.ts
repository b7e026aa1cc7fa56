import type { SeededRandom } from '../seeded-random'
import type { ListedInstrument } from '../universe/listed-instrument'
import { Crowd } from './crowd'
import { OrderBook, toRupees, toUnits, type Match, type Resting } from './order-book'
import { isWaitingStop, leavesOf, type OrderSide, type SimOrder } from './sim-order'
import type { SimClock } from '../time/sim-clock'
import { Tape } from './tape'

/** What a market tells about the orders in it. The listener changes the order's state before it returns. */
export interface MarketListener {
  filled(order: SimOrder, priceRupees: number, quantity: number): void
  /** A stop order's trigger was reached; it becomes a limit or market order. */
  triggered(order: SimOrder): void
  /** The exchange takes the rest of an order out. */
  removed(order: SimOrder, reason: string): void
  tapeMoved(market: InstrumentMarket): void
  /** A market order is still waiting, or liquidity was eaten: please call `refill` soon. */
  needsRefill(market: InstrumentMarket): void
}

export interface MarketParts {
  readonly instrument: ListedInstrument
  /** Rupees. */
  readonly firstPrice: number
  readonly random: SeededRandom
  readonly clock: SimClock
}

export const SELF_TRADE_REASON = '17071 : The order could have resulted in self trade '
/** What the exchange says of the remainder of an IOC order. */
export const IOC_REASON = '16388 : Order cancelled by the system'

/** The market of one instrument: its book, its tape, the stop orders that wait, and the crowd that quotes in it. */
export class InstrumentMarket {
  readonly book = new OrderBook()
  readonly tape: Tape
  openInterest: number
  private readonly crowd: Crowd
  private crowdOrders: { side: OrderSide; resting: Resting }[] = []
  private readonly stops = new Set<SimOrder>()
  private readonly waiting = new Set<SimOrder>()

  readonly instrument: ListedInstrument
  private readonly random: SeededRandom
  private readonly clock: SimClock

  constructor(
    parts: MarketParts,
    private readonly listener: MarketListener,
  ) {
    const { instrument, firstPrice, random } = parts
    this.instrument = instrument
    this.random = random
    this.clock = parts.clock
    this.crowd = new Crowd(instrument, firstPrice, random)
    const { lotSize, tickSize } = instrument
    this.tape = new Tape({ price: this.crowd.price, lotSize, tickSize, atMs: this.clock.nowMs() }, random)
    this.openInterest = instrument.expiryDate ? lotSize * random.between(500, 60_000) : 0
    if (!instrument.isIndex) this.placeCrowd()
  }

  /** Orders of clients that rest, wait for a trigger, or wait for liquidity. */
  get hasClientOrders(): boolean {
    return this.stops.size > 0 || this.waiting.size > 0 || this.book.hasClients
  }

  /** A confirmed order comes to the market: it waits for its trigger, or trades and rests. */
  enter(order: SimOrder): void {
    if (isWaitingStop(order.state)) {
      this.stops.add(order)
      this.fireStops()
    } else {
      this.match(order)
    }
    this.listener.tapeMoved(this)
  }

  leave(order: SimOrder): void {
    this.book.removeOrder(order)
    this.stops.delete(order)
    this.waiting.delete(order)
  }

  /** One moment of the day: the price walks a little, the crowd quotes anew, somebody trades a few lots. */
  step(): void {
    this.crowd.walk()
    if (this.instrument.isIndex) {
      this.tape.mark(this.crowd.price, this.clock.nowMs())
    } else {
      this.placeCrowd()
      this.tradeAmongCrowd()
      this.retryWaiting()
      this.fireStops()
    }
    this.listener.tapeMoved(this)
  }

  /** Liquidity comes back after trades ate it. */
  refill(): void {
    this.placeCrowd()
    this.retryWaiting()
    this.fireStops()
    this.listener.tapeMoved(this)
  }

  /** The market jumps: what rests on the way is hit, triggers fire, and the last trade is at this price (rupees). */
  jumpTo(price: number): void {
    this.crowd.jumpTo(price)
    if (this.instrument.isIndex) {
      this.tape.mark(price, this.clock.nowMs())
    } else {
      this.placeCrowd()
      this.tape.print(price, this.instrument.lotSize, this.clock.nowMs())
      this.fireStops()
    }
    this.listener.tapeMoved(this)
  }

  private match(order: SimOrder): void {
    const { state } = order
    const limitUnits = state.orderType === 'Limit' ? toUnits(state.price) : undefined
    const taken = this.book.take(order.side, leavesOf(state), limitUnits, order.clientCode)
    for (const match of taken.matches) this.settle(match, order)
    if (taken.matches.length > 0) this.listener.needsRefill(this)
    if (taken.leftover > 0) this.keepRest(order, taken.isSelfTrade)
  }

  private keepRest(order: SimOrder, isSelfTrade: boolean): void {
    const { state } = order
    if (isSelfTrade) return this.removeRest(order, SELF_TRADE_REASON)
    if (state.timeInForce === 'IOC') return this.removeRest(order, IOC_REASON)
    if (state.orderType === 'Limit') {
      const resting = { order, priceUnits: toUnits(state.price), quantity: leavesOf(state), orderCount: 1 }
      this.book.add(order.side, resting)
      return
    }
    this.waiting.add(order)
    this.listener.needsRefill(this)
  }

  private removeRest(order: SimOrder, reason: string): void {
    this.waiting.delete(order)
    this.listener.removed(order, reason)
  }

  /** A match moves the tape and both orders; either side may be the crowd. */
  private settle(match: Match, taker: SimOrder | undefined): void {
    const price = toRupees(match.priceUnits)
    this.tape.print(price, match.quantity, this.clock.nowMs())
    this.crowd.learnTrade(price)
    if (taker) this.listener.filled(taker, price, match.quantity)
    if (match.maker.order) this.listener.filled(match.maker.order, price, match.quantity)
  }

  /** The crowd takes its orders back and quotes anew; where its quotes cross a client's order, they trade. */
  private placeCrowd(): void {
    for (const { side, resting } of this.crowdOrders)
      if (resting.quantity > 0) this.book.remove(side, resting)
    this.crowdOrders = []
    for (const { side, priceUnits, quantity, orderCount } of this.crowd.quotes()) {
      const taken = this.book.take(side, quantity, priceUnits)
      for (const match of taken.matches) this.settle(match, undefined)
      if (taken.leftover === 0) continue
      const resting = { order: undefined, priceUnits, quantity: taken.leftover, orderCount }
      this.book.add(side, resting)
      this.crowdOrders.push({ side, resting })
    }
  }

  private tradeAmongCrowd(): void {
    const taken = this.book.take(this.crowd.pickSide(), this.crowd.smallQuantity())
    for (const match of taken.matches) this.settle(match, undefined)
    if (this.openInterest > 0) this.openInterest += this.instrument.lotSize * this.random.between(-5, 5)
    this.openInterest = Math.max(0, this.openInterest)
  }

  private retryWaiting(): void {
    for (const order of [...this.waiting]) {
      this.waiting.delete(order)
      this.match(order)
    }
  }

  /** Triggers by the last price; a triggered order may trade and trigger the next. */
  private fireStops(): void {
    for (let reached = this.reachedStop(); reached; reached = this.reachedStop()) {
      this.stops.delete(reached)
      this.listener.triggered(reached)
      this.match(reached)
    }
  }

  private reachedStop(): SimOrder | undefined {
    for (const order of this.stops) {
      const { stopPrice } = order.state
      const { lastPrice } = this.tape
      if (order.side === 'BUY' ? lastPrice >= stopPrice : lastPrice <= stopPrice) return order
    }
    return undefined
  }
}
