import { ok, until } from '../simulated-broker'
import type { FaultDesk } from './fault-desk'
import type { FaultRows } from './fault-rows'

const PLACE = { call: 'place' } as const

/** Places an order under a fault: it ends this way, reached the broker so often, and stands in the book as often. */
const placedUnder =
  (fault: Parameters<FaultDesk['fault']>[0], kind: string, times: number) =>
  async (desk: FaultDesk): Promise<void> => {
    await desk.fault(fault)
    const sent = desk.order()
    const outcome = await desk.xts.place(sent)
    expect(outcome).toMatchObject({ kind })
    expect(await desk.received(sent)).toBe(times)
    await desk.broker.clearFaults()
    const isSession = outcome.kind === 'rejected' && outcome.isSessionInvalid
    if (isSession) await desk.renew('interactive')
    const rows = ok(await desk.xts.orders()).rows.filter(({ tag }) => tag === sent.tag)
    expect(rows).toHaveLength(times)
  }

/** Faults of the order calls. An order goes out at most once, and its outcome says no more than the evidence. */
export const ORDER_ROWS = {
  'accept-then-500': {
    behaviour: 'the order is unknown, and stands in the book once, under its tag',
    check: placedUnder({ name: 'accept-then-500', ...PLACE }, 'unknown', 1),
  },
  'accept-then-timeout': {
    behaviour: 'the order is unknown, and stands in the book once, under its tag',
    check: placedUnder({ name: 'accept-then-timeout', ...PLACE }, 'unknown', 1),
  },
  'accept-then-reset': {
    behaviour: 'the order is unknown, and stands in the book once, under its tag',
    check: placedUnder({ name: 'accept-then-reset', ...PLACE }, 'unknown', 1),
  },
  'reply-delayed': {
    behaviour: 'an answer after the deadline leaves the order unknown, and it was sent once',
    check: placedUnder({ name: 'reply-delayed', ...PLACE, delayMs: 3_000 }, 'unknown', 1),
  },
  'timeout-without-accept': {
    behaviour: 'the order is unknown, and there is none',
    check: placedUnder({ name: 'timeout-without-accept', ...PLACE }, 'unknown', 0),
  },
  'ack-without-order': {
    behaviour: 'the order was taken in, and no book or event ever has it',
    check: async (desk) => {
      await desk.fault({ name: 'ack-without-order' })
      const sent = desk.order()
      const { brokerOrderId } = ok(await desk.xts.place(sent))
      const next = desk.order()
      ok(await desk.xts.place(next))
      await desk.untilTold(next, 'filled')
      const ids = ok(await desk.xts.orders()).rows.map((row) => row.brokerOrderId)
      expect([ids.length, ids.includes(brokerOrderId), desk.statesOf(sent)]).toEqual([1, false, []])
    },
  },
  'fill-before-ack': {
    behaviour: 'the fill is told before the place answers, and both name the same order',
    check: async (desk) => {
      await desk.fault({ name: 'fill-before-ack' })
      const sent = desk.order()
      const { brokerOrderId } = ok(await desk.xts.place(sent))
      expect(desk.statesOf(sent)).toContain('filled')
      expect(new Set(desk.orders.map((seen) => seen.brokerOrderId))).toEqual(new Set([brokerOrderId]))
    },
  },
  'tag-not-echoed-in-ack': {
    behaviour: 'an answer without a tag is taken, and one with another tag is unknown',
    check: async (desk) => {
      await desk.fault({ name: 'tag-not-echoed-in-ack' })
      ok(await desk.xts.place(desk.order()))
      await desk.fault({ name: 'tag-not-echoed-in-ack', parameters: { value: 'of-another' } })
      const sent = desk.order()
      expect(await desk.xts.place(sent)).toMatchObject({ kind: 'unknown' })
      expect(await desk.received(sent)).toBe(1)
    },
  },
  'token-revoked-mid-order': {
    behaviour:
      'a refused token is taken for a refusal, and the next session’s book shows that the order stands, once',
    check: async (desk) => {
      await desk.fault({ name: 'token-revoked-mid-order', ...PLACE })
      const sent = desk.order()
      const outcome = await desk.xts.place(sent)
      expect(outcome).toMatchObject({ kind: 'rejected', isSessionInvalid: true, epoch: 1 })
      expect(await desk.received(sent)).toBe(1)
      await desk.renew('interactive')
      expect(ok(await desk.xts.orders()).rows.map(({ tag }) => tag)).toEqual([sent.tag])
    },
  },
  'market-orders-refused': {
    behaviour: 'a market order is rejected with its code, and a limit goes through',
    check: async (desk) => {
      await desk.fault({ name: 'market-orders-refused' })
      expect(await desk.xts.place(desk.order())).toMatchObject({
        kind: 'rejected',
        brokerCode: 'e-orders-0002',
        isSessionInvalid: false,
      })
      ok(await desk.xts.place(await desk.restingOrder()))
      expect(ok(await desk.xts.orders()).rows).toHaveLength(1)
    },
  },
  'rate-limited': {
    behaviour: 'the order is rejected, was not processed, and the governor lets half as many out',
    check: async (desk) => {
      await placedUnder({ name: 'rate-limited', ...PLACE }, 'rejected', 0)(desk)
      expect(desk.slowedTo).toEqual([5])
    },
  },
  'order-ids-jump': {
    behaviour: 'an id beyond 32 bits is the same in answer, event and book, and cancels its order',
    check: async (desk) => {
      await desk.fault({ name: 'order-ids-jump' })
      ok(await desk.xts.place(desk.order()))
      const sent = await desk.restingOrder()
      const { brokerOrderId } = ok(await desk.xts.place(sent))
      expect(Number(brokerOrderId)).toBeGreaterThan(2 ** 32)
      await desk.untilTold(sent, 'open')
      ok(await desk.xts.cancel({ brokerOrderId, tag: sent.tag }))
      await until(() => desk.statesOf(sent).includes('cancelled'))
      const row = ok(await desk.xts.orders()).rows.find(({ tag }) => tag === sent.tag)
      expect(row).toMatchObject({ brokerOrderId, state: 'cancelled' })
    },
  },
} as const satisfies FaultRows
