import { openExchange } from '../testing/open-exchange'
import type { InstrumentMarket } from './instrument-market'
import { toUnits } from './order-book'
import type { OrderTerms, SimOrder } from './sim-order'

const below = 1400

describe('the place of a resting order', () => {
  /** Two orders at one price, of which the first was changed; who is hit first now? */
  function firstAfter(change: Partial<OrderTerms>): 'first' | 'second' {
    const { exchange, place, tasks, market } = openExchange()
    const [first, second] = [place('BUY', { price: below }), place('BUY', { price: below })]
    tasks.runAll()
    exchange.modify(first, { ...first.state, ...change }, undefined)
    tasks.runAll()
    const { matches } = market.book.take('SELL', 1e9, toUnits(below - 1))
    const hit = matches.flatMap(({ maker }) => maker.order?.appOrderId ?? [])
    expect(new Set(hit)).toEqual(new Set([first.appOrderId, second.appOrderId]))
    return hit[0] === first.appOrderId ? 'first' : 'second'
  }

  it.each<[string, Partial<OrderTerms>]>([
    ['becomes smaller', { quantity: 4 }],
    ['is sent again as it is', {}],
  ])('is kept when it %s', (_, change) => {
    expect(firstAfter(change)).toBe('first')
  })

  it.each<[string, Partial<OrderTerms>]>([
    ['becomes larger', { quantity: 11 }],
    ['gets a worse price', { price: below - 1 }],
    ['discloses less', { disclosedQuantity: 5 }],
  ])('is lost when it %s', (_, change) => {
    expect(firstAfter(change)).toBe('second')
  })
})

/** Takes so much of an order out of the book, as an incoming order does that has eaten all better ones. */
function trade(market: InstrumentMarket, order: SimOrder, quantity: number): void {
  const better = market.book.depth('BUY', 1000).filter(({ price }) => price > order.state.price)
  const ahead = better.reduce((sum, row) => sum + row.quantity, 0)
  market.book.take('SELL', ahead + quantity, toUnits(order.state.price))
}

/** What is asked wins or loses by its arrival at the exchange: until then the order can trade as it stands. */
describe('a change and a fill that cross', () => {
  /** A resting order for which something was asked that has not arrived. */
  function openWith(ask: (opened: ReturnType<typeof openExchange>, order: SimOrder) => void) {
    const opened = openExchange()
    const order = opened.place('BUY', { price: below })
    opened.tasks.runAll()
    ask(opened, order)
    opened.tasks.runAll(1)
    opened.told.length = 0
    return { ...opened, order }
  }

  it('cancels what is left of an order that trades meanwhile', () => {
    const { exchange, order, tasks, told, market } = openWith((opened, it) => opened.exchange.cancel(it))
    expect(order.state.status).toBe('PendingCancel')
    trade(market, order, 4)
    exchange.filled(order, below, 4)
    tasks.runAll()
    expect(told).toEqual(['trade PartiallyFilled', 'order PartiallyFilled', 'position 4', 'order Cancelled'])
    expect(order.state).toMatchObject({ filledQuantity: 4, quantity: 10 })
    expect(market.hasClientOrders).toBe(false)
  })

  it('has nothing to cancel when all of it trades first', () => {
    const { order, tasks, told, market } = openWith((opened, it) => opened.exchange.cancel(it))
    market.jumpTo(below - 5)
    tasks.runAll()
    expect(told).toEqual(['trade Filled', 'order Filled', 'position 10'])
    expect(order.state.status).toBe('Filled')
  })

  it('replaces the rest of an order that trades meanwhile; the quantity is the order’s whole', () => {
    const { exchange, order, tasks, told, market } = openWith((opened, it) =>
      opened.exchange.modify(it, { ...it.state, price: below - 1, quantity: 6 }, undefined),
    )
    trade(market, order, 4)
    exchange.filled(order, below, 4)
    tasks.runAll()
    expect(told).toEqual(['trade PartiallyFilled', 'order PartiallyFilled', 'position 4', 'order Replaced'])
    expect(order.state).toMatchObject({ quantity: 6, filledQuantity: 4 })
    expect(market.book.depth('BUY', 1000).find(({ price }) => price === below - 1)?.quantity).toBe(2)
  })

  it('refuses a quantity that has traded meanwhile, and leaves the rest where it is', () => {
    const { exchange, order, tasks, told, market } = openWith((opened, it) =>
      opened.exchange.modify(it, { ...it.state, quantity: 3 }, undefined),
    )
    trade(market, order, 4)
    exchange.filled(order, below, 4)
    tasks.runAll()
    expect(told.slice(3)).toEqual(['order PartiallyFilled'])
    expect(order.state).toMatchObject({ status: 'PartiallyFilled', quantity: 10, filledQuantity: 4 })
    expect(order.state.reason).toContain('traded quantity')
    expect(market.hasClientOrders).toBe(true)
  })

  it('carries out a cancellation after the modification that was asked before it', () => {
    const { order, tasks, told } = openWith((opened, it) => {
      opened.exchange.modify(it, { ...it.state, quantity: 12 }, undefined)
      opened.exchange.cancel(it)
    })
    tasks.runAll()
    expect(told).toEqual(['order Replaced', 'order PendingCancel', 'order Cancelled'])
    expect(order.state.quantity).toBe(12)
  })
})
