import { SYSTEM_CANCEL_REASON, SELF_TRADE_REASON } from './instrument-market'
import { leavesOf } from './sim-order'
import { netQuantity } from '../state/position-keeper'
import { openExchange, reliance } from '../testing/open-exchange'

const below = 1400
const above = 1500

describe('Exchange', () => {
  it('tells a market order in the documented sequence', () => {
    const { place, tasks, told } = openExchange()
    const order = place('BUY', { orderType: 'Market' })
    expect(told).toEqual([])
    tasks.runAll()
    expect(told).toEqual(['order PendingNew', 'order New', 'trade Filled', 'order Filled', 'position 10'])
    expect(order.history.map((state) => state.status)).toEqual(['PendingNew', 'New', 'Filled'])
    expect(order.history[0]?.exchangeOrderId).toBe('')
    expect(order.history[1]?.exchangeOrderId).toMatch(/^\d{16}$/)
  })

  it('fills at the best offer, and the fill is on the tape', () => {
    const { place, tasks, market } = openExchange()
    const offer = market.book.depth('SELL', 1)[0]
    const volume = market.tape.volume
    const order = place('BUY', { orderType: 'Market', quantity: 1 })
    tasks.runAll()
    expect(order.state.filledValue).toBe(offer?.price)
    expect(market.tape.lastPrice).toBe(offer?.price)
    expect(market.tape.volume).toBe(volume + 1)
  })

  it('fills a large market order in parts that add up, as liquidity comes back', () => {
    const { place, tasks, told, market, ledger } = openExchange()
    const visible = market.book.totalQuantity('SELL')
    const order = place('BUY', { orderType: 'Market', quantity: visible * 3 })
    tasks.runAll()
    const trades = ledger.tradesOf('SIM0001')
    expect(order.state.status).toBe('Filled')
    expect(trades.length).toBeGreaterThan(5)
    expect(trades.reduce((sum, trade) => sum + trade.quantity, 0)).toBe(visible * 3)
    expect(told.filter((line) => line === 'order Filled')).toHaveLength(1)
    expect(new Set(trades.map((trade) => trade.executionId)).size).toBe(trades.length)
  })

  it('rests a limit order away from the market and fills it when the market comes', () => {
    const { place, tasks, market } = openExchange()
    const order = place('BUY', { price: below })
    tasks.runAll()
    expect(order.state.status).toBe('New')
    market.jumpTo(below - 5)
    tasks.runAll()
    expect(order.state).toMatchObject({ status: 'Filled', filledValue: below * 10 })
  })

  it('shows a resting order in the depth of its market', () => {
    const { place, tasks, market } = openExchange()
    const before = market.book.totalQuantity('BUY')
    place('BUY', { price: below, quantity: 17 })
    tasks.runAll()
    expect(market.book.totalQuantity('BUY')).toBe(before + 17)
  })

  it('cancels what an IOC order could not get', () => {
    const { place, tasks } = openExchange()
    const order = place('BUY', { price: below, timeInForce: 'IOC' })
    tasks.runAll()
    expect(order.state).toMatchObject({
      status: 'Cancelled',
      reason: SYSTEM_CANCEL_REASON,
      filledQuantity: 0,
    })
  })

  it('fires a stop order when the last price reaches its trigger', () => {
    const { place, tasks, told, market } = openExchange()
    const order = place('SELL', { orderType: 'StopMarket', stopPrice: below })
    tasks.runAll()
    expect(order.state).toMatchObject({ status: 'New', orderType: 'StopMarket' })
    market.jumpTo(below - 1)
    tasks.runAll()
    expect(order.state).toMatchObject({ status: 'Filled', orderType: 'Market', stopPrice: below })
    expect(told.slice(2)).toEqual(['order New', 'trade Filled', 'order Filled', 'position -10'])
  })

  it('leaves a stop order alone while the market stays away', () => {
    const { place, tasks, market } = openExchange()
    const order = place('BUY', { orderType: 'StopLimit', stopPrice: above, price: above + 1 })
    tasks.runAll()
    market.jumpTo(above - 5)
    tasks.runAll()
    expect(order.state).toMatchObject({ status: 'New', orderType: 'StopLimit' })
  })

  it('cancels the order that would trade with its own client, and keeps the leaves', () => {
    const { place, tasks, market } = openExchange()
    const offer = market.book.depth('SELL', 1)[0]?.price ?? 0
    const improved = Math.round((offer - reliance.tickSize) * 10) / 10
    const resting = place('SELL', { price: improved, quantity: 4 })
    tasks.runAll()
    const incoming = place('BUY', { price: improved, quantity: 9 })
    tasks.runAll()
    expect(incoming.state).toMatchObject({ status: 'Cancelled', reason: SELF_TRADE_REASON })
    expect(leavesOf(incoming.state)).toBe(9 - incoming.state.filledQuantity)
    expect(resting.state.status).toBe('New')
  })

  it('lets two clients trade with each other: both are told, positions mirror', () => {
    const { place, tasks, market, positions } = openExchange()
    const offer = market.book.depth('SELL', 1)[0]?.price ?? 0
    const improved = Math.round((offer - reliance.tickSize) * 10) / 10
    place('SELL', { price: improved, quantity: 4 }, 'OTHER')
    tasks.runAll()
    place('BUY', { price: improved, quantity: 4 })
    tasks.runAll()
    expect(positions.ofClient('OTHER').map(netQuantity)).toEqual([-4])
    expect(positions.ofClient('SIM0001').map(netQuantity)).toEqual([4])
  })

  it('replaces an order and matches it anew', () => {
    const { exchange, place, tasks, told } = openExchange()
    const order = place('BUY', { price: below })
    tasks.runAll()
    exchange.modify(order, { ...order.state, price: above, quantity: 12 }, undefined)
    tasks.runAll()
    expect(told.slice(2, 4)).toEqual(['order PendingReplace', 'order Replaced'])
    expect(order.state).toMatchObject({ status: 'Filled', quantity: 12, filledQuantity: 12 })
  })

  it('puts an order back with a reason when the new terms are not allowed', () => {
    const { exchange, place, tasks } = openExchange()
    const order = place('BUY', { price: below })
    tasks.runAll()
    exchange.modify(order, { ...order.state, price: 99_999 }, undefined)
    tasks.runAll()
    expect(order.state).toMatchObject({ status: 'New', price: below })
    expect(order.state.reason).toContain('LowPriceRange')
  })

  it('cancels a resting order and takes it out of the book', () => {
    const { exchange, place, tasks, told, market } = openExchange()
    const order = place('BUY', { price: below })
    tasks.runAll()
    exchange.cancel(order)
    tasks.runAll()
    expect(told.slice(2)).toEqual(['order PendingCancel', 'order Cancelled'])
    expect(market.hasClientOrders).toBe(false)
  })

  it('does not cancel what filled meanwhile', () => {
    const { exchange, place, tasks, told } = openExchange()
    const order = place('BUY', { orderType: 'Market' })
    exchange.cancel(order)
    tasks.runAll()
    expect(order.state.status).toBe('Filled')
    expect(told).not.toContain('order Cancelled')
  })

  it('rejects an order for more than the client has, with nothing at the exchange', () => {
    const { place, tasks, told } = openExchange({ cashRupees: 1000 })
    const order = place('BUY', { price: below })
    tasks.runAll()
    expect(told).toEqual(['order PendingNew', 'order Rejected'])
    expect(order.state).toMatchObject({ exchangeOrderId: '', status: 'Rejected' })
    expect(order.state.reason).toContain('OEMS:RMS : Margin Exceeds')
    expect(leavesOf(order.state)).toBe(10)
  })

  it('moves by itself and hits a resting order in time', () => {
    const { place, tasks, market } = openExchange()
    const bid = market.book.depth('BUY', 1)[0]?.price ?? 0
    const order = place('BUY', { price: bid, quantity: 1 })
    tasks.runAll()
    for (let step = 0; step < 2000 && order.state.status !== 'Filled'; step++) market.step()
    expect(order.state.status).toBe('Filled')
  })
})
