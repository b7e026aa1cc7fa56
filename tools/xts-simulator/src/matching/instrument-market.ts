import type { SeededRandom } from '../seeded-random'
import type { SimClock } from '../time/sim-clock'
import type { ListedInstrument } from '../universe/listed-instrument'
import { Crowd, type CrowdQuote } from './crowd'
import { OrderBook, toRupees, toUnits, type Match } from './order-book'
import { keepsPlace } from './order-terms'
import type { SessionPhase } from './session-phase'
import {
  isTerminal,
  isWaitingStop,
  leavesOf,
  type OrderSide,
  type OrderState,
  type SimOrder,
} from './sim-order'
import { StopBook } from './stop-book'
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
  /** Where its segment stands in the trading day. */
  readonly phase: () => SessionPhase
}

const SIDES = ['SELL', 'BUY'] as const

export const SELF_TRADE_REASON = '17071 : The order could have resulted in self trade '
/** What the exchange says of the remainder of an IOC order, and of what is left at the end of a session. */
export const SYSTEM_CANCEL_REASON = '16388 : Order cancelled by the system'

/** The market of one instrument: its book, its tape, the stop orders that wait, and the crowd that quotes in it. */
export class InstrumentMarket {
  readonly book = new OrderBook()
  readonly tape: Tape
  readonly instrument: ListedInstrument
  openInterest: number
  private readonly crowd: Crowd
  /** A level of the crowd is gone, or none was ever made. */
  private isEaten = true
  private readonly stops = new StopBook()
  /** Market orders that found nothing. */
  private readonly waiting = new Set<SimOrder>()
  /** What the pre-open collects; it comes to the book when the session opens, oldest first. */
  private readonly gathered = new Set<SimOrder>()
  private readonly random: SeededRandom
  private readonly clock: SimClock
  private readonly phase: () => SessionPhase

  constructor(
    parts: MarketParts,
    private readonly listener: MarketListener,
  ) {
    const { instrument, firstPrice, random } = parts
    this.instrument = instrument
    this.random = random
    this.clock = parts.clock
    this.phase = parts.phase
    this.crowd = new Crowd(instrument, firstPrice, random)
    const { lotSize, tickSize } = instrument
    this.tape = new Tape({ price: this.crowd.price, lotSize, tickSize, atMs: this.clock.nowMs() }, random)
    this.openInterest = instrument.expiryDate ? lotSize * random.between(500, 60_000) : 0
    if (!instrument.isIndex) this.placeCrowd()
  }

  /** Orders of clients that rest, wait for a trigger, or wait for liquidity. */
  get hasClientOrders(): boolean {
    return this.stops.size > 0 || this.waiting.size > 0 || this.gathered.size > 0 || this.book.hasClients
  }

  /** A confirmed order comes to the market: it waits for its trigger, or trades and rests. */
  enter(order: SimOrder): void {
    if (this.phase() === 'pre-open') {
      this.gathered.add(order)
      return
    }
    this.bring(order)
    this.listener.tapeMoved(this)
  }

  /** An order has new terms: it stays where it is if it only became smaller, else it comes anew. */
  amend(order: SimOrder, before: OrderState): void {
    if (keepsPlace(before, order.state)) {
      this.book.shrink(order, before.quantity - order.state.quantity)
      return
    }
    this.leave(order)
    this.enter(order)
  }

  leave(order: SimOrder): void {
    this.book.removeOrder(order)
    this.stops.delete(order)
    this.waiting.delete(order)
    this.gathered.delete(order)
  }

  /** The session opens: what the pre-open gathered comes in, in its order. */
  open(): void {
    const gathered = [...this.gathered]
    this.gathered.clear()
    for (const order of gathered) if (!isTerminal(order.state)) this.bring(order)
    this.refill()
  }

  /** The session ends: no order outlives it. */
  close(): void {
    const left = [...this.book.clientOrders(), ...this.stops.orders(), ...this.waiting, ...this.gathered]
    for (const order of left) {
      this.leave(order)
      this.listener.removed(order, SYSTEM_CANCEL_REASON)
    }
  }

  /** One moment of the day: the price walks a little, the crowd quotes anew, somebody trades a few lots. */
  step(): void {
    if (this.phase() !== 'open') return
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
    if (this.phase() !== 'open') return
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

  private bring(order: SimOrder): void {
    if (!isWaitingStop(order.state)) return this.match(order)
    this.stops.add(order)
    this.fireStops()
  }

  private match(order: SimOrder): void {
    if (this.phase() === 'closing') return this.tradeAtClose(order)
    const { state } = order
    const limitUnits = state.orderType === 'Limit' ? toUnits(state.price) : undefined
    const taken = this.book.take(order.side, leavesOf(state), limitUnits, order.clientCode)
    for (const match of taken.matches) this.settle(match, order)
    if (taken.matches.length > 0) this.listener.needsRefill(this)
    if (taken.leftover > 0 && !isTerminal(order.state)) this.keepRest(order, taken.isSelfTrade)
  }

  /** In the closing session everybody deals at the closing price, and there is somebody for everybody. */
  private tradeAtClose(order: SimOrder): void {
    const price = this.tape.lastPrice
    const quantity = leavesOf(order.state)
    this.tape.print(price, quantity, this.clock.nowMs())
    this.listener.filled(order, price, quantity)
  }

  private keepRest(order: SimOrder, isSelfTrade: boolean): void {
    const { state } = order
    if (isSelfTrade) return this.removeRest(order, SELF_TRADE_REASON)
    if (state.timeInForce === 'IOC') return this.removeRest(order, SYSTEM_CANCEL_REASON)
    if (state.orderType === 'Limit') {
      const quantity = leavesOf(state)
      const priceUnits = toUnits(state.price)
      this.book.add(order.side, {
        order,
        priceUnits,
        quantity,
        orderCount: 1,
        disclosed: state.disclosedQuantity,
      })
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
    if (match.maker.quantity === 0) this.isEaten = true
    if (taker) this.fill(taker, price, match.quantity)
    if (match.maker.order) this.fill(match.maker.order, price, match.quantity)
  }

  /** A fill before this one may have ended or shrunk the order, when the two are legs of one bracket. */
  private fill(order: SimOrder, price: number, matched: number): void {
    const quantity = isTerminal(order.state) ? 0 : Math.min(matched, leavesOf(order.state))
    if (quantity > 0) this.listener.filled(order, price, quantity)
  }

  /** The crowd quotes around its opinion: anew when that has moved or a level was eaten, else a little otherwise. */
  private placeCrowd(): void {
    const hasMoved = this.crowd.lookAgain()
    if (this.book.hasClients) return this.quoteAmongClients()
    if (!hasMoved && !this.isEaten) return this.stirCrowd()
    this.isEaten = false
    this.book.rewrite('SELL', this.crowd.quote('SELL'))
    this.book.rewrite('BUY', this.crowd.quote('BUY'))
  }

  /** Somebody at one level wants another quantity. */
  private stirCrowd(): void {
    const side = this.crowd.pickSide()
    const levels = this.book.levelCount(side)
    if (levels > 0) this.book.resize(side, this.crowd.pickLevel(levels), this.crowd.otherQuantity())
  }

  /** The crowd takes its orders back and quotes anew; where its quotes cross a client's order, they trade. */
  private quoteAmongClients(): void {
    this.isEaten = false
    for (const side of SIDES)
      for (const { priceUnits } of this.crowd.quoted(side)) this.book.removeCrowd(side, priceUnits)
    for (const side of SIDES) for (const quote of this.crowd.quote(side)) this.bringCrowd(side, quote)
  }

  private bringCrowd(side: OrderSide, { priceUnits, quantity, orderCount }: CrowdQuote): void {
    const taken = this.book.take(side, quantity, priceUnits)
    for (const match of taken.matches) this.settle(match, undefined)
    if (taken.leftover > 0) {
      this.book.add(side, { order: undefined, priceUnits, quantity: taken.leftover, orderCount })
    }
  }

  private tradeAmongCrowd(): void {
    const taken = this.book.take(this.crowd.pickSide(), this.crowd.smallQuantity())
    for (const match of taken.matches) this.settle(match, undefined)
    if (this.openInterest > 0) this.openInterest += this.instrument.lotSize * this.random.between(-5, 5)
    this.openInterest = Math.max(0, this.openInterest)
  }

  private retryWaiting(): void {
    if (this.waiting.size === 0) return
    for (const order of [...this.waiting]) {
      this.waiting.delete(order)
      this.match(order)
    }
  }

  /** Triggers by the last price; a triggered order may trade and trigger the next. */
  private fireStops(): void {
    for (;;) {
      const fired = this.stops.firedBy(this.tape.lastPrice)
      if (!fired) return
      this.stops.delete(fired)
      this.listener.triggered(fired)
      this.match(fired)
    }
  }
}
