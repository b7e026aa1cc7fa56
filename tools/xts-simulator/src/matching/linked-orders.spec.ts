import { openExchange, type OpenedExchange } from '../testing/open-exchange'
import { netQuantity } from '../state/position-keeper'
import type { BracketLink, CoverLink } from './order-link'
import { isTerminal, type SimOrder } from './sim-order'

const entryPrice = 1450

/** A market in which nobody trades but by a jump, and an entry that waits for it below. */
function openWithEntry(link: CoverLink | BracketLink, quantity = 10, changes = {}) {
  const opened = openExchange()
  const entry = opened.place(
    'BUY',
    { price: entryPrice, quantity, productType: link.kind.startsWith('cover') ? 'CO' : 'BO', ...changes },
    'SIM0001',
    { link },
  )
  opened.tasks.runAll(4)
  return { ...opened, entry }
}

const cover = (stopPrice: number): CoverLink => ({ kind: 'cover-entry', exitOrderId: 7, stopPrice })
const bracket = (trailBy = 0): BracketLink => ({
  kind: 'bracket-entry', targetOffset: 20, stopOffset: 10, trailBy,
}) // prettier-ignore

const legOf = ({ ledger }: OpenedExchange, kind: string): SimOrder => {
  const leg = ledger.ordersOf('SIM0001').find(({ link }) => link?.kind === kind)
  if (!leg) throw new Error(`there is no ${kind}`)
  return leg
}
const legs = ({ ledger }: OpenedExchange): (string | undefined)[] =>
  ledger.ordersOf('SIM0001').map(({ link }) => link?.kind)
const net = ({ positions }: OpenedExchange): number =>
  positions.ofClient('SIM0001').reduce((sum, position) => sum + netQuantity(position), 0)

/** The market comes to this price; a few moments pass. */
function move({ market, tasks }: OpenedExchange, price: number): void {
  market.jumpTo(price)
  tasks.runAll(8)
}

describe('a cover order', () => {
  it('has no exit while its entry waits', () => {
    expect(legs(openWithEntry(cover(1440)))).toEqual(['cover-entry'])
  })

  it('is covered by a stop order of the promised number as soon as the entry fills', () => {
    const opened = openWithEntry(cover(1440))
    move(opened, 1445)
    expect(opened.entry.state.status).toBe('Filled')
    const exit = legOf(opened, 'cover-exit')
    expect(exit).toMatchObject({ appOrderId: 7, side: 'SELL' })
    expect(exit.state).toMatchObject({
      status: 'New', orderType: 'StopMarket', stopPrice: 1440, quantity: 10, productType: 'CO', tag: 'tag',
    }) // prettier-ignore
  })

  it('sells what was bought when its stop is reached', () => {
    const opened = openWithEntry(cover(1440))
    move(opened, 1445)
    move(opened, 1435)
    expect(legOf(opened, 'cover-exit').state).toMatchObject({ status: 'Filled', orderType: 'Market' })
    expect(net(opened)).toBe(0)
  })

  it('is left at the market on request, and withdrawn when nothing was bought', () => {
    const filled = openWithEntry(cover(1440))
    move(filled, 1445)
    filled.exchange.links.exit(filled.entry)
    filled.tasks.runAll(12)
    expect(legOf(filled, 'cover-exit').state).toMatchObject({ status: 'Filled', orderType: 'Market' })
    expect(net(filled)).toBe(0)
    const waiting = openWithEntry(cover(1440))
    waiting.exchange.links.exit(waiting.entry)
    waiting.tasks.runAll(12)
    expect(waiting.entry.state.status).toBe('Cancelled')
    expect(legs(waiting)).toEqual(['cover-entry'])
  })

  it.each([
    ['on the winning side', 1460],
    ['at its entry', entryPrice],
    ['without a price', 0],
  ])('is rejected with a stop %s', (_, stopPrice) => {
    const { entry } = openWithEntry(cover(stopPrice))
    expect(entry.state).toMatchObject({ status: 'Rejected', reason: expect.stringContaining('Stop price of a cover order') as string }) // prettier-ignore
  })
})

describe('a bracket order', () => {
  it('brings a stop loss and a target around the price of its first fill', () => {
    const opened = openWithEntry(bracket())
    move(opened, 1445)
    expect(legs(opened)).toEqual(['bracket-entry', 'bracket-stop', 'bracket-target'])
    expect(legOf(opened, 'bracket-stop').state).toMatchObject({
      stopPrice: entryPrice - 10,
      quantity: 10,
      status: 'New',
    })
    expect(legOf(opened, 'bracket-target').state).toMatchObject({
      price: entryPrice + 20,
      quantity: 10,
      status: 'New',
    })
  })

  it('turns its prices round for a seller', () => {
    const opened = openExchange()
    opened.place('SELL', { price: 1500, productType: 'BO' }, 'SIM0001', { link: bracket() })
    opened.tasks.runAll(4)
    move(opened, 1505)
    expect(legOf(opened, 'bracket-stop')).toMatchObject({ side: 'BUY', state: { stopPrice: 1510 } })
    expect(legOf(opened, 'bracket-target')).toMatchObject({ side: 'BUY', state: { price: 1480 } })
  })

  it.each([
    ['target', 'stop', 1475],
    ['stop', 'target', 1435],
  ])('cancels the other leg when the %s has done its work', (worked, other, price) => {
    const opened = openWithEntry(bracket())
    move(opened, 1445)
    move(opened, price)
    expect(legOf(opened, `bracket-${worked}`).state.status).toBe('Filled')
    expect(legOf(opened, `bracket-${other}`).state).toMatchObject({ status: 'Cancelled', filledQuantity: 0 })
    expect(net(opened)).toBe(0)
  })

  it('takes from one leg at once what the other has traded', () => {
    const opened = openWithEntry(bracket())
    move(opened, 1445)
    const [stop, target] = [legOf(opened, 'bracket-stop'), legOf(opened, 'bracket-target')]
    opened.told.length = 0
    opened.exchange.filled(target, entryPrice + 20, 4)
    expect(stop.state).toMatchObject({ quantity: 6, status: 'Replaced' })
    expect(opened.told).toEqual(
      ['trade PartiallyFilled', 'order PartiallyFilled', 'position 6', 'order PendingReplace', 'order Replaced'], // prettier-ignore
    )
  })

  it('lets its legs grow with the entry', () => {
    const opened = openWithEntry(bracket(), 10)
    opened.exchange.filled(opened.entry, entryPrice, 4)
    opened.tasks.runAll(8)
    expect(legOf(opened, 'bracket-stop').state.quantity).toBe(4)
    opened.exchange.filled(opened.entry, entryPrice, 5)
    opened.tasks.runAll(8)
    expect(legOf(opened, 'bracket-stop').state).toMatchObject({ quantity: 9, status: 'Replaced' })
    expect(legOf(opened, 'bracket-target').state).toMatchObject({ quantity: 9, status: 'Replaced' })
  })

  it('withdraws the rest of its entry when a leg trades', () => {
    const opened = openWithEntry(bracket(), 10)
    opened.exchange.filled(opened.entry, entryPrice, 4)
    opened.tasks.runAll(8)
    opened.exchange.filled(legOf(opened, 'bracket-target'), entryPrice + 20, 1)
    expect(opened.entry.state).toMatchObject({ status: 'Cancelled', filledQuantity: 4 })
  })

  it('lets its stop follow the market in whole steps, and never back', () => {
    const opened = openWithEntry(bracket(3))
    move(opened, 1445)
    const stop = legOf(opened, 'bracket-stop')
    move(opened, entryPrice + 7)
    expect(stop.state).toMatchObject({ stopPrice: entryPrice - 10 + 6, status: 'Replaced' })
    move(opened, entryPrice)
    expect(stop.state).toMatchObject({ stopPrice: entryPrice - 10 + 6, status: 'Replaced' })
  })

  it('sells what was bought when it is left', () => {
    const opened = openWithEntry(bracket())
    move(opened, 1445)
    opened.exchange.links.exit(opened.entry)
    opened.tasks.runAll(12)
    expect(net(opened)).toBe(0)
    expect(opened.ledger.ordersOf('SIM0001').every(({ state }) => isTerminal(state))).toBe(true)
    expect(opened.exchange.links.isAlive(opened.entry)).toBe(false)
  })

  it('does not let a client choose the quantity of a leg', () => {
    const opened = openWithEntry(bracket())
    move(opened, 1445)
    const target = legOf(opened, 'bracket-target')
    opened.exchange.modify(target, { ...target.state, price: 1480, quantity: 99 }, undefined)
    opened.tasks.runAll(8)
    expect(target.state).toMatchObject({ price: 1480, quantity: 10 })
  })

  it('is rejected when a distance is missing or off the tick', () => {
    const none = openWithEntry({ ...bracket(), targetOffset: 0 } as BracketLink)
    expect(none.entry.state).toMatchObject({ status: 'Rejected', reason: expect.stringContaining('above zero') as string }) // prettier-ignore
    const off = openWithEntry({ ...bracket(), stopOffset: 0.03 } as BracketLink)
    expect(off.entry.state.reason).toContain('tick size')
  })
})
