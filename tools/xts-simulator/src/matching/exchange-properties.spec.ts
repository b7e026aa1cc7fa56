import fc from 'fast-check'
import { netQuantity } from '../state/position-keeper'
import { openExchange } from '../testing/open-exchange'
import { isTerminal, type OrderStatus, type OrderType, type SimOrder } from './sim-order'

/** documented: the state diagram of the protocol reference; a refused change goes back to a live state, and a fill may cross a change. */
const MAY_FOLLOW: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PendingNew: ['New', 'Rejected'],
  New: ['New', 'PartiallyFilled', 'Filled', 'PendingReplace', 'PendingCancel', 'Cancelled'],
  PartiallyFilled: ['PartiallyFilled', 'Filled', 'Replaced', 'PendingReplace', 'PendingCancel', 'Cancelled'],
  Replaced: ['Replaced', 'PartiallyFilled', 'Filled', 'PendingReplace', 'PendingCancel', 'Cancelled'],
  PendingReplace: ['Replaced', 'New', 'PartiallyFilled', 'Filled', 'PendingReplace', 'Cancelled'],
  PendingCancel: ['Cancelled', 'PartiallyFilled', 'Filled', 'PendingCancel'],
  Filled: [],
  Cancelled: [],
  Rejected: [],
}

const price = fc.integer({ min: 13_100, max: 16_100 }).map((tenths) => tenths / 10)
const clients = fc.constantFrom('SIM0001', 'OTHER')
const action = fc.oneof(
  fc.record({
    kind: fc.constant('place' as const),
    client: clients,
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    orderType: fc.constantFrom<OrderType>('Limit', 'Market', 'StopLimit', 'StopMarket'),
    timeInForce: fc.constantFrom('DAY' as const, 'IOC' as const),
    quantity: fc.integer({ min: 1, max: 4000 }),
    price,
    stopPrice: price,
  }),
  fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(30) }),
  fc.record({
    kind: fc.constant('modify' as const),
    which: fc.nat(30),
    price,
    quantity: fc.integer({ min: 1, max: 4000 }),
  }),
  fc.record({ kind: fc.constant('move' as const), price }),
  fc.record({ kind: fc.constant('settle' as const) }),
)

type Action = typeof action extends fc.Arbitrary<infer A> ? A : never
type Opened = ReturnType<typeof openExchange>

function perform(opened: Opened, orders: SimOrder[], step: Action): void {
  const chosen = 'which' in step ? orders[step.which % Math.max(1, orders.length)] : undefined
  const live = chosen && !isTerminal(chosen.state) ? chosen : undefined
  switch (step.kind) {
    case 'place':
      orders.push(opened.place(step.side, step, step.client))
      return
    case 'cancel':
      if (live) opened.exchange.cancel(live)
      return
    case 'modify': {
      const { price, quantity } = step
      if (live) opened.exchange.modify(live, { ...live.state, price, quantity }, undefined)
      return
    }
    case 'move':
      opened.market.jumpTo(step.price)
      return
    case 'settle':
      opened.tasks.runAll(5)
  }
}

function expectSoundLife(opened: Opened, order: SimOrder): void {
  const statuses = order.history.map((state) => state.status)
  for (const [at, status] of statuses.slice(1).entries()) {
    expect(MAY_FOLLOW[statuses[at] ?? 'Filled']).toContain(status)
  }
  const trades = opened.ledger.tradesOf(order.clientCode).filter((trade) => trade.order === order)
  const filled = trades.reduce((sum, trade) => sum + trade.quantity, 0)
  expect(order.state.filledQuantity).toBe(filled)
  expect(filled).toBeLessThanOrEqual(order.state.quantity)
  expect(order.state.status === 'Filled').toBe(filled === order.state.quantity)
}

function expectPositionsAreTrades(opened: Opened, client: string): void {
  const signed = opened.ledger
    .tradesOf(client)
    .map((trade) => (trade.order.side === 'BUY' ? trade.quantity : -trade.quantity))
  const positions = opened.positions.ofClient(client).map(netQuantity)
  const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0)
  expect(sum(positions)).toBe(sum(signed))
}

function expectSoundBook({ book }: Opened['market']): void {
  expect(book.bestUnits('BUY') ?? 0).toBeLessThan(book.bestUnits('SELL') ?? Infinity)
  for (const side of ['BUY', 'SELL'] as const) {
    const shown = book.depth(side, 10_000).reduce((sum, row) => sum + row.quantity, 0)
    expect(book.totalQuantity(side)).toBe(shown)
  }
}

describe('whatever clients do', () => {
  it('orders take only documented steps, fills add up, and positions are the sum of the trades', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const opened = openExchange()
        const orders: SimOrder[] = []
        for (const step of actions) perform(opened, orders, step)
        opened.tasks.runAll()
        for (const order of orders) expectSoundLife(opened, order)
        expectPositionsAreTrades(opened, 'SIM0001')
        expectPositionsAreTrades(opened, 'OTHER')
        expectSoundBook(opened.market)
      }),
      { numRuns: 150, seed: 20_261_120 },
    )
  })
})
