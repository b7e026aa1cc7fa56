import { ok, until } from '../simulated-broker'
import type { FaultDesk } from './fault-desk'
import type { FaultRows } from './fault-rows'

/** What the order book and the trade book say in the end: the one order is filled, by three shares, once. */
async function expectFilledOnce(desk: FaultDesk): Promise<void> {
  const { rows } = ok(await desk.xts.orders())
  expect(rows.map(({ state, filledQuantity }) => [state, filledQuantity])).toEqual([['filled', 3]])
  const fills = ok(await desk.xts.trades()).rows
  expect(fills.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(3)
}

/** Faults of the events of orders. The socket may say too much, too little or nothing; the books tell the truth. */
export const ORDER_EVENT_ROWS = {
  'duplicate-ack': {
    behaviour: 'the same state is told twice, of one order',
    check: async (desk) => {
      await desk.fault({ name: 'duplicate-ack' })
      const sent = await desk.restingOrder()
      ok(await desk.xts.place(sent))
      await until(() => desk.statesOf(sent).filter((state) => state === 'open').length === 2)
      expect(new Set(desk.orders.map(({ brokerOrderId }) => brokerOrderId)).size).toBe(1)
      expect(ok(await desk.xts.orders()).rows).toHaveLength(1)
    },
  },
  'duplicate-trade': {
    behaviour: 'both copies carry the same trade id, by which they are one fill',
    check: async (desk) => {
      await desk.fault({ name: 'duplicate-trade' })
      const sent = desk.order()
      ok(await desk.xts.place(sent))
      await desk.untilTold(sent, 'filled')
      await until(() => desk.trades.length % 2 === 0 && desk.trades.length > 0)
      const byId = new Map(desk.trades.map((trade) => [trade.tradeId, trade.quantity]))
      expect(byId.size).toBe(desk.trades.length / 2)
      expect([...byId.values()].reduce((sum, quantity) => sum + quantity, 0)).toBe(3)
      await expectFilledOnce(desk)
    },
  },
  'events-reversed': {
    behaviour: 'the fill is told before the acknowledgement, and every event is read',
    check: async (desk) => {
      await desk.fault({ name: 'events-reversed' })
      const sent = desk.order()
      ok(await desk.xts.place(sent))
      await until(() => desk.statesOf(sent).includes('accepted'))
      expect(desk.statesOf(sent)[0]).toBe('filled')
      expect(desk.unreadable).toEqual([])
      await expectFilledOnce(desk)
    },
  },
  'event-lost': {
    behaviour: 'the trade is never told, and the trade book has it',
    check: async (desk) => {
      await desk.fault({ name: 'event-lost', match: { event: 'trade' }, count: 'always' })
      const sent = desk.order()
      ok(await desk.xts.place(sent))
      await desk.untilTold(sent, 'filled')
      expect(desk.trades).toEqual([])
      await expectFilledOnce(desk)
    },
  },
  'missed-fills': {
    behaviour: 'the socket drops, comes back, and the books have the fill that nobody told',
    check: async (desk) => {
      await desk.fault({ name: 'missed-fills' })
      ok(await desk.xts.place(desk.order()))
      await desk.untilBack('interactive')
      expect(desk.trades).toEqual([])
      expect(desk.deadEpochs.interactive).toEqual([])
      await expectFilledOnce(desk)
    },
  },
  'socket-lags-order-book': {
    behaviour: 'the book shows the fill first, and the events follow',
    check: async (desk) => {
      await desk.fault({ name: 'socket-lags-order-book', parameters: { lagMs: 400 } })
      const sent = desk.order()
      ok(await desk.xts.place(sent))
      await until(async () => ok(await desk.xts.orders()).rows[0]?.state === 'filled')
      expect(desk.statesOf(sent)).toEqual([])
      await desk.untilTold(sent, 'filled')
    },
  },
  'tag-not-echoed-in-events': {
    behaviour: 'events without a tag name the order by the broker’s id',
    check: async (desk) => {
      await desk.fault({ name: 'tag-not-echoed-in-events' })
      const { brokerOrderId } = ok(await desk.xts.place(desk.order()))
      await until(() => desk.orders.some(({ state }) => state === 'filled') && desk.trades.length > 0)
      expect([...desk.orders, ...desk.trades].every(({ tag }) => tag === '')).toBe(true)
      expect([...desk.orders, ...desk.trades].every((told) => told.brokerOrderId === brokerOrderId)).toBe(
        true,
      )
    },
  },
  'event-as-object': {
    behaviour: 'an event that is no text is read all the same',
    check: async (desk) => {
      await desk.fault({ name: 'event-as-object' })
      const sent = desk.order()
      ok(await desk.xts.place(sent))
      await desk.untilTold(sent, 'filled')
      await until(() => desk.trades.length > 0)
      expect(desk.unreadable).toEqual([])
    },
  },
  'event-half-json': {
    behaviour: 'half an event is counted, the next is read, and the book has what was lost',
    check: async (desk) => {
      await desk.fault({ name: 'event-half-json', match: { event: 'order' } })
      const sent = desk.order()
      ok(await desk.xts.place(sent))
      await desk.untilTold(sent, 'filled')
      expect(desk.unreadable).toEqual([expect.stringMatching(/^order: it is not a JSON object/)])
      await expectFilledOnce(desk)
    },
  },
  'late-confirmation': {
    behaviour: 'the order is accepted at first, and open once the exchange has it',
    check: async (desk) => {
      await desk.fault({ name: 'late-confirmation', parameters: { delayMs: 300 } })
      const sent = await desk.restingOrder()
      ok(await desk.xts.place(sent))
      await desk.untilTold(sent, 'accepted')
      expect(ok(await desk.xts.orders()).rows[0]?.state).toBe('accepted')
      await desk.untilTold(sent, 'open')
    },
  },
  'late-rejection': {
    behaviour: 'an open order is rejected afterwards, with its reason',
    check: async (desk) => {
      await desk.fault({ name: 'late-rejection', parameters: { delayMs: 200 } })
      const sent = await desk.restingOrder()
      ok(await desk.xts.place(sent))
      await desk.untilTold(sent, 'rejected')
      expect(desk.statesOf(sent)).toContain('open')
      expect(desk.orders.at(-1)?.reason).toMatch(/16388/)
      expect(ok(await desk.xts.orders()).rows[0]).toMatchObject({ state: 'rejected', filledQuantity: 0 })
    },
  },
  'late-fill-after-cancel': {
    behaviour: 'a cancelled order is told as filled afterwards, and the book says so too',
    check: async (desk) => {
      await desk.fault({ name: 'late-fill-after-cancel', parameters: { delayMs: 200 } })
      const sent = await desk.restingOrder()
      const { brokerOrderId } = ok(await desk.xts.place(sent))
      await desk.untilTold(sent, 'open')
      ok(await desk.xts.cancel({ brokerOrderId, tag: sent.tag }))
      await desk.untilTold(sent, 'cancelled')
      await desk.untilTold(sent, 'filled')
      await expectFilledOnce(desk)
    },
  },
} as const satisfies FaultRows
