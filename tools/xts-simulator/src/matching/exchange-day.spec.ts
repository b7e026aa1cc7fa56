import { netQuantity } from '../state/position-keeper'
import { openExchange } from '../testing/open-exchange'
import { VirtualClock } from '../time/virtual-clock'
import { orderRow } from '../wire/order-rows'
import { SYSTEM_CANCEL_REASON } from './instrument-market'
import { MARKET_CLOSED } from './order-acceptance'
import { SQUARE_OFF_REASON } from './square-off-intraday'

const below = 1400
const MINUTE = 60_000
const at = (time: string): number => Date.parse(`2026-11-20T${time}:00+05:30`)

/** An exchange with hours, at a time of a Friday. */
function openAt(time: string) {
  const clock = new VirtualClock(at(time))
  const opened = openExchange({ clock, day: { sessionProfile: 'nse' } })
  opened.exchange.beginDay()
  const until = (later: string): void => clock.advanceBy(at(later) - clock.nowMs())
  const settle = (): void => clock.advanceBy(100)
  const net = (): number[] => opened.positions.ofClient('SIM0001').map(netQuantity)
  return { ...opened, clock, until, settle, net }
}

describe('an exchange with hours', () => {
  it('rejects an order outside of them in a text of its own', () => {
    const { place, settle } = openAt('08:30')
    const order = place('BUY', { price: below })
    settle()
    expect(order.state).toMatchObject({ status: 'Rejected', reason: MARKET_CLOSED })
  })

  it('gathers orders before the opening and lets them trade with it', () => {
    const { place, settle, until, told } = openAt('09:01')
    const order = place('BUY', { orderType: 'Market' })
    settle()
    expect(order.state.status).toBe('New')
    until('09:15')
    settle()
    expect(order.state.status).toBe('Filled')
    expect(told).toContain('session NSECM open')
  })

  it.each([
    ['a stop order', { orderType: 'StopMarket', stopPrice: below } as const],
    ['an IOC order', { price: below, timeInForce: 'IOC' } as const],
  ])('does not take %s before the opening', (_, terms) => {
    const { place, settle } = openAt('09:01')
    const order = place('SELL', terms)
    settle()
    expect(order.state.status).toBe('Rejected')
  })

  it('cancels what is left when the session ends', () => {
    const { place, settle, until, market } = openAt('10:00')
    const order = place('BUY', { price: below, productType: 'CNC' })
    settle()
    until('15:31')
    expect(order.state).toMatchObject({ status: 'Cancelled', reason: SYSTEM_CANCEL_REASON })
    expect(market.hasClientOrders).toBe(false)
  })

  it('deals at the closing price in the closing session, and at no other', () => {
    const { place, settle, market } = openAt('15:45')
    const close = market.tape.lastPrice
    const order = place('BUY', { orderType: 'Market', quantity: 50_000, productType: 'CNC' })
    const limit = place('BUY', { price: below, productType: 'CNC' })
    settle()
    expect(order.state).toMatchObject({ status: 'Filled', filledValue: close * 50_000 })
    expect(limit.state.status).toBe('Rejected')
    expect(market.tape.lastPrice).toBe(close)
  })

  it('does not move while it is closed', () => {
    const { market } = openAt('17:00')
    const before = { ...market.tape }
    for (let step = 0; step < 50; step++) market.step()
    expect({ ...market.tape }).toEqual(before)
  })
})

describe('the intraday square-off', () => {
  it('withdraws intraday orders and closes intraday positions with orders of its own', () => {
    const { place, settle, until, ledger, net } = openAt('15:00')
    place('BUY', { orderType: 'Market', quantity: 7 })
    place('SELL', { orderType: 'Market', quantity: 3, productType: 'NRML' })
    const resting = place('BUY', { price: below })
    const delivery = place('BUY', { price: below, productType: 'NRML' })
    settle()
    until('15:15')
    settle()
    expect(resting.state).toMatchObject({ status: 'Cancelled', reason: SQUARE_OFF_REASON })
    expect(delivery.state.status).toBe('New')
    expect(net()).toEqual([0, -3])
    const closing = ledger.ordersOf('SIM0001').filter((order) => order.isRms)
    expect(closing.map(({ side, state }) => [side, state.quantity, state.status])).toEqual([
      ['SELL', 7, 'Filled'],
    ])
    expect(closing[0] && orderRow(closing[0], closing[0].state)).toMatchObject({ GeneratedBy: 'RMS' })
  })

  it('takes no new intraday order afterwards', () => {
    const { place, settle } = openAt('15:20')
    const orders = [place('BUY', { price: below }), place('BUY', { price: below, productType: 'NRML' })]
    settle()
    expect(orders.map(({ state }) => state.status)).toEqual(['Rejected', 'New'])
    expect(orders[0]?.state.reason).toContain('square off')
  })

  it('leaves no leg of a bracket behind', () => {
    const { place, settle, until, market, net, ledger } = openAt('15:00')
    const link = { kind: 'bracket-entry', targetOffset: 20, stopOffset: 10, trailBy: 0 } as const
    const { price = 0 } = market.book.depth('SELL', 1)[0] ?? {}
    place('BUY', { price, quantity: 5, productType: 'BO' }, 'SIM0001', { link })
    settle()
    until('15:15')
    settle()
    expect(net()).toEqual([0])
    const open = ledger.ordersOf('SIM0001').filter(({ state }) => state.status !== 'Filled')
    expect(open.map(({ state }) => state.status)).toEqual(['Cancelled', 'Cancelled'])
  })

  it('is over when the day is', () => {
    const { place, settle, clock } = openAt('15:20')
    clock.advanceBy(3 * 24 * 60 * MINUTE - 5 * 60 * MINUTE)
    const order = place('BUY', { price: below })
    settle()
    expect(order.state.status).toBe('New')
  })
})
