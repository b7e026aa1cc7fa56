import { ok, until } from '../simulated-broker'
import type { FaultDesk } from './fault-desk'
import type { FaultRows } from './fault-rows'

/** One order, filled: there is a row in each of the three books. */
async function fillOne(desk: FaultDesk) {
  const sent = desk.order()
  const { brokerOrderId } = ok(await desk.xts.place(sent))
  await desk.untilTold(sent, 'filled')
  await until(() => desk.trades.length > 0)
  return { sent, brokerOrderId }
}

/** All three books under a fault. */
async function books(desk: FaultDesk) {
  return [ok(await desk.xts.orders()), ok(await desk.xts.trades()), ok(await desk.xts.positions())] as const
}

const emptyUnder = (name: 'book-empty-400' | 'book-empty-200') => async (desk: FaultDesk) => {
  await fillOne(desk)
  await desk.fault({ name })
  for (const book of await books(desk)) expect(book).toMatchObject({ rows: [], isEmptyAnswer: true })
}

/** Faults of the books. What cannot be read is unknown; what was read proves only what it says. */
export const BOOK_ROWS = {
  'order-book-empty': {
    behaviour: 'the book is read as an empty answer, which proves nothing',
    check: async (desk) => {
      await fillOne(desk)
      await desk.fault({ name: 'order-book-empty' })
      expect(ok(await desk.xts.orders())).toMatchObject({ rows: [], isEmptyAnswer: true })
      expect(ok(await desk.xts.orders()).rows).toHaveLength(1)
    },
  },
  'order-book-html': {
    behaviour: 'one page of HTML is asked for again, and a book that stays HTML is no book',
    check: async (desk) => {
      await fillOne(desk)
      await desk.fault({ name: 'order-book-html' })
      expect(ok(await desk.xts.orders()).rows).toHaveLength(1)
      await desk.fault({ name: 'order-book-html', count: 'always' })
      expect(['unknown', 'not-sent']).toContain((await desk.xts.orders()).kind)
    },
  },
  'book-empty-400': {
    behaviour: 'orders, trades and positions are empty answers, not errors and not proof',
    check: emptyUnder('book-empty-400'),
  },
  'book-empty-200': {
    behaviour: 'orders, trades and positions are empty answers, not proof',
    check: emptyUnder('book-empty-200'),
  },
  'book-truncated': {
    behaviour: 'the rows that are there are read, and what the book lacks is still on the socket',
    check: async (desk) => {
      await fillOne(desk)
      const { brokerOrderId } = await fillOne(desk)
      await desk.fault({ name: 'book-truncated' })
      expect(ok(await desk.xts.orders()).rows).toHaveLength(1)
      expect(desk.orders.some((seen) => seen.brokerOrderId === brokerOrderId)).toBe(true)
    },
  },
  'book-rows-duplicated': {
    behaviour: 'both rows carry the same ids, by which they are one',
    check: async (desk) => {
      await fillOne(desk)
      await desk.fault({ name: 'book-rows-duplicated' })
      const [orders, trades] = await books(desk)
      expect(orders.rows).toHaveLength(2)
      expect(new Set(orders.rows.map(({ brokerOrderId }) => brokerOrderId)).size).toBe(1)
      expect(new Set(trades.rows.map(({ tradeId }) => tradeId)).size).toBe(trades.rows.length / 2)
    },
  },
  'order-book-lags-socket': {
    behaviour: 'the socket tells the fill while the book does not have the order yet',
    check: async (desk) => {
      await desk.fault({ name: 'order-book-lags-socket', parameters: { lagMs: 60_000 } })
      const { sent } = await fillOne(desk)
      expect(ok(await desk.xts.orders()).rows).toEqual([])
      await desk.broker.clearFaults()
      expect(ok(await desk.xts.orders()).rows.map(({ tag }) => tag)).toEqual([sent.tag])
    },
  },
  'order-status-misspelled': {
    behaviour: 'a book with a status that no document has is unknown as a whole, and says which word it was',
    check: async (desk) => {
      await fillOne(desk)
      await desk.fault({ name: 'order-status-misspelled' })
      const outcome = await desk.xts.orders()
      expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('Open Pending') })
    },
  },
  'tag-not-echoed-in-book': {
    behaviour: 'rows without a tag are found by the broker’s id',
    check: async (desk) => {
      const { brokerOrderId } = await fillOne(desk)
      await desk.fault({ name: 'tag-not-echoed-in-book' })
      const [orders, trades] = await books(desk)
      for (const row of [...orders.rows, ...trades.rows])
        expect(row).toMatchObject({ tag: '', brokerOrderId })
    },
  },
  'tag-shortened': {
    behaviour: 'our tags fit into the 18 characters that come back; a shorter echo is passed on as it is',
    check: async (desk) => {
      const { sent, brokerOrderId } = await fillOne(desk)
      await desk.fault({ name: 'tag-shortened' })
      expect(ok(await desk.xts.orders()).rows[0]?.tag).toBe(sent.tag)
      await desk.broker.clearFaults()
      await desk.fault({ name: 'tag-shortened', parameters: { keep: 10 } })
      expect(ok(await desk.xts.orders()).rows[0]).toMatchObject({
        tag: sent.tag.slice(0, 10),
        brokerOrderId,
      })
    },
  },
  'wrong-client-as-empty': {
    behaviour: 'a foreign client’s book is an empty answer, where it is rejected otherwise',
    desk: {
      kind: 'dealer',
      profile: { orderClientId: 'client-code', bookClientId: 'client-code', bookRoutes: 'dealer' },
    },
    check: async (desk) => {
      await fillOne(desk)
      expect(await desk.xts.orders('OTHER')).toMatchObject({ kind: 'rejected', isSessionInvalid: false })
      await desk.fault({ name: 'wrong-client-as-empty' })
      expect(ok(await desk.xts.orders('OTHER'))).toMatchObject({ rows: [], isEmptyAnswer: true })
      expect(ok(await desk.xts.orders()).rows).toHaveLength(1)
    },
  },
  'history-not-ready': {
    behaviour: 'the history is refused without harm to the session, and is there a moment later',
    check: async (desk) => {
      const { brokerOrderId } = await fillOne(desk)
      await desk.fault({ name: 'history-not-ready' })
      expect(await desk.xts.history({ brokerOrderId })).toMatchObject({
        kind: 'rejected',
        brokerCode: 'e-orders-0001',
        isSessionInvalid: false,
      })
      expect(ok(await desk.xts.history({ brokerOrderId })).rows.at(-1)?.state).toBe('filled')
    },
  },
  'positions-without-mtm': {
    behaviour: 'quantities and averages are read; the money is not ours to read',
    check: async (desk) => {
      await fillOne(desk)
      await desk.fault({ name: 'positions-without-mtm' })
      expect(ok(await desk.xts.positions()).rows).toEqual([
        expect.objectContaining({ quantity: 3, buyQuantity: 3, sellQuantity: 0 }),
      ])
    },
  },
  'numbers-as-nan': {
    behaviour: 'an average price that is NaN is none, and the quantity stands',
    check: async (desk) => {
      await fillOne(desk)
      await desk.fault({ name: 'numbers-as-nan' })
      const [orders, , positions] = await books(desk)
      expect(orders.rows[0]).toMatchObject({ averagePrice: undefined, filledQuantity: 3 })
      expect(positions.rows[0]).toMatchObject({ quantity: 3, buyAveragePrice: 0 })
    },
  },
} as const satisfies FaultRows
