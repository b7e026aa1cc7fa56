import { entryIdOf } from '../matching/order-link'
import type { OrderStatus, SimOrder } from '../matching/sim-order'
import { netQuantity } from '../state/position-keeper'
import type { Opened } from './exchange-actions'

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

/** What a cover or bracket order sold again is never more than it bought. */
function expectSoundFamilies(opened: Opened): void {
  for (const client of ['SIM0001', 'OTHER']) {
    const sold = new Map<number, number>()
    for (const { order, quantity } of opened.ledger.tradesOf(client)) {
      const entryId = order.link && entryIdOf(order.link)
      if (entryId !== undefined) sold.set(entryId, (sold.get(entryId) ?? 0) + quantity)
    }
    for (const [entryId, quantity] of sold) {
      expect(quantity).toBeLessThanOrEqual(opened.ledger.find(entryId)?.state.filledQuantity ?? 0)
    }
  }
}

/** Every order led a documented life, positions are the sum of the trades, and the book is in order. */
export function expectSoundExchange(opened: Opened, orders: readonly SimOrder[]): void {
  const legs = ['SIM0001', 'OTHER'].flatMap((client) => opened.ledger.ordersOf(client))
  for (const order of new Set([...orders, ...legs])) expectSoundLife(opened, order)
  expectSoundFamilies(opened)
  expectPositionsAreTrades(opened, 'SIM0001')
  expectPositionsAreTrades(opened, 'OTHER')
  expectSoundBook(opened.market)
}
