import { openExchange, reliance, type OpenedExchange } from '../testing/open-exchange'
import { SELF_TRADE_REASON } from './instrument-market'
import type { OrderTerms, SimOrder } from './sim-order'

const below = 1400

/** documented: the simulator's table of emitted sequences in the protocol reference, section 9.2. */
describe('what is told of an order', () => {
  let opened: OpenedExchange
  beforeEach(() => (opened = openExchange()))

  const settled = (side: 'BUY' | 'SELL', terms: Partial<OrderTerms>): SimOrder => {
    const order = opened.place(side, terms)
    opened.tasks.runAll()
    return order
  }
  const toldAfter = (act: () => void): string[] => {
    opened.told.length = 0
    act()
    opened.tasks.runAll()
    return opened.told
  }

  it('limit rests', () => {
    expect(toldAfter(() => settled('BUY', { price: below }))).toEqual(['order PendingNew', 'order New'])
  })

  it('market fills in parts', () => {
    const visible = opened.market.book.depth('SELL', 1)[0]?.quantity ?? 0
    expect(toldAfter(() => settled('BUY', { orderType: 'Market', quantity: visible + 1 }))).toEqual([
      'order PendingNew', 'order New', 'trade PartiallyFilled', 'order PartiallyFilled', `position ${visible}`,
      'trade Filled', 'order Filled', `position ${visible + 1}`,
    ]) // prettier-ignore
  })

  it('risk system rejects', () => {
    opened = openExchange({ cashRupees: 1 })
    const order = settled('BUY', { price: below })
    expect(opened.told).toEqual(['order PendingNew', 'order Rejected'])
    expect(order.state).toMatchObject({ exchangeOrderId: '', filledQuantity: 0, reason: expect.stringContaining('OEMS:RMS : Margin Exceeds') as string }) // prettier-ignore
  })

  it('exchange rejects', () => {
    expect(toldAfter(() => settled('BUY', { price: 99_999 }))).toEqual(['order PendingNew', 'order Rejected'])
  })

  it('modify succeeds', () => {
    const order = settled('BUY', { price: below })
    expect(toldAfter(() => opened.exchange.modify(order, { ...order.state, price: below + 1 }, undefined))).toEqual([
      'order PendingReplace', 'order Replaced',
    ]) // prettier-ignore
  })

  it('modify is refused, again and again: the status before comes back with a reason', () => {
    const order = settled('BUY', { price: below })
    const ask = (): void => opened.exchange.modify(order, { ...order.state, price: 99_999 }, undefined)
    expect(toldAfter(ask)).toEqual(['order PendingReplace', 'order New'])
    expect(order.state.reason).not.toBe('')
    opened.exchange.modify(order, { ...order.state, quantity: 11 }, undefined)
    opened.tasks.runAll()
    expect(toldAfter(ask)).toEqual(['order PendingReplace', 'order Replaced'])
    expect(order.state.quantity).toBe(11)
  })

  it('cancel succeeds', () => {
    const order = settled('BUY', { price: below })
    expect(toldAfter(() => opened.exchange.cancel(order))).toEqual(['order PendingCancel', 'order Cancelled'])
  })

  it('IOC ends with what is left', () => {
    const best = opened.market.book.depth('SELL', 1)[0] ?? { price: 0, quantity: 0 }
    const terms = { price: best.price, quantity: best.quantity + 1, timeInForce: 'IOC' } as const
    const order = opened.place('BUY', terms)
    opened.tasks.runAll(2)
    expect(opened.told).toEqual([
      'order PendingNew', 'order New', 'trade PartiallyFilled', 'order PartiallyFilled', `position ${best.quantity}`,
      'order Cancelled',
    ]) // prettier-ignore
    expect(order.state.quantity - order.state.filledQuantity).toBe(1)
  })

  it('stop fires', () => {
    settled('SELL', { orderType: 'StopLimit', stopPrice: below, price: below - 5 })
    expect(toldAfter(() => opened.market.jumpTo(below - 1))).toEqual([
      'order New', 'trade Filled', 'order Filled', 'position -10',
    ]) // prettier-ignore
  })

  it('self trade', () => {
    const offer = opened.market.book.depth('SELL', 1)[0]?.price ?? 0
    const improved = Math.round((offer - reliance.tickSize) * 10) / 10
    settled('SELL', { price: improved })
    const own = settled('BUY', { price: improved })
    expect(own.state).toMatchObject({ status: 'Cancelled', reason: SELF_TRADE_REASON })
  })

  it('conversion', () => {
    settled('BUY', { orderType: 'Market' })
    const { account } = opened.ledger.ordersOf('SIM0001')[0] ?? {}
    if (!account) throw new Error('nothing was placed')
    const wanted = { account, clientCode: 'SIM0001', instrument: reliance, fromProduct: 'MIS', toProduct: 'CNC', isDayWise: true } // prettier-ignore
    expect(toldAfter(() => opened.exchange.convert({ ...wanted, quantity: 4 }))).toEqual(['conversion 4'])
    expect(opened.exchange.convert({ ...wanted, quantity: 7 })).toBeUndefined()
    expect(opened.exchange.convert({ ...wanted, quantity: 0 })).toBeUndefined()
    expect(opened.exchange.convert({ ...wanted, fromProduct: 'NRML', quantity: 1 })).toBeUndefined()
  })
})
