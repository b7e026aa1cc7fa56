import { loginInteractive } from '@xts-bridge/xts'
import { KEYS, ok, until } from '../simulated-broker'
import type { FaultDesk, FaultRequest } from './fault-desk'
import type { FaultRows } from './fault-rows'

/** An order and a book under a fault: how each ends, and how often the broker has the order. */
const bothUnder =
  (fault: FaultRequest, kinds: { place: string; read: string }, times: number) =>
  async (desk: FaultDesk): Promise<void> => {
    await desk.fault(fault)
    const sent = desk.order()
    expect(await desk.xts.place(sent)).toMatchObject({ kind: kinds.place })
    expect(await desk.xts.orders()).toMatchObject({ kind: kinds.read })
    await desk.broker.clearFaults()
    expect(await desk.received(sent)).toBe(times)
    expect(desk.deadEpochs.interactive).toEqual([])
  }

const UNREADABLE = { place: 'unknown', read: 'unknown' }
const UNHARMED = { place: 'ok', read: 'ok' }
const REFUSED = { place: 'rejected', read: 'rejected' }

/** Under a storm the limiter's word is believed: nothing was processed, and it says nothing of the session. */
const limitedBy =
  (...faults: readonly FaultRequest[]) =>
  async (desk: FaultDesk): Promise<void> => {
    for (const fault of faults) {
      await bothUnder(fault, REFUSED, 0)(desk)
      await desk.fault(fault)
      expect(await desk.xts.orders()).toMatchObject({
        brokerCode: 'e-apirl-0004',
        isSessionInvalid: false,
      })
      await desk.broker.clearFaults()
    }
    expect(desk.slowedTo.length).toBeGreaterThan(0)
  }

/** Faults of the answers. HTML, half an answer and a lie in the status never become a success or a rejection. */
export const ANSWER_ROWS = {
  'html-instead-of-json': {
    behaviour: 'the order is unknown and stands once, and the book is unknown',
    check: bothUnder({ name: 'html-instead-of-json' }, UNREADABLE, 1),
  },
  'half-json': {
    behaviour: 'the order is unknown and stands once, and the book is unknown',
    check: bothUnder({ name: 'half-json' }, UNREADABLE, 1),
  },
  'answer-cut-off': {
    behaviour: 'the order is unknown and was sent once, however often the pool would try',
    check: async (desk) => {
      await desk.fault({ name: 'answer-cut-off' })
      const sent = desk.order()
      expect(await desk.xts.place(sent)).toMatchObject({ kind: 'unknown' })
      expect(await desk.received(sent)).toBe(1)
      expect(['unknown', 'not-sent']).toContain((await desk.xts.orders()).kind)
    },
  },
  'empty-body': {
    behaviour: 'the order is unknown and stands once, and the book is unknown',
    check: bothUnder({ name: 'empty-body' }, UNREADABLE, 1),
  },
  'wrong-content-type': {
    behaviour: 'an answer is read by what it is, not by what its header says',
    check: bothUnder({ name: 'wrong-content-type' }, UNHARMED, 1),
  },
  'wrapped-in-array': {
    behaviour: 'an envelope in an array of one is read like a bare one',
    check: bothUnder({ name: 'wrapped-in-array' }, UNHARMED, 1),
  },
  'success-with-400': {
    behaviour: 'an answer that contradicts its status leaves the order unknown, and it stands once',
    check: bothUnder({ name: 'success-with-400' }, UNREADABLE, 1),
  },
  'error-with-200': {
    behaviour: 'an error is an error: a read is rejected, and an order too when its code is in the list',
    desk: { profile: { interactiveLoginFields: { source: 'WEBAPI' } }, simulator: { isAlgoAccount: true } },
    check: async (desk) => {
      await desk.fault({ name: 'error-with-200' })
      expect(await desk.xts.place(desk.order())).toMatchObject({
        kind: 'rejected',
        brokerCode: 'e-orders-0002',
      })
      expect(await desk.xts.history({ brokerOrderId: '1' })).toMatchObject({ kind: 'rejected' })
    },
  },
  'dead-token-with-200': {
    behaviour: 'a dead token is known under HTTP 200, with its epoch',
    check: async (desk) => {
      await desk.fault({ name: 'dead-token-with-200' })
      desk.useWrongToken('interactive')
      const refused = { kind: 'rejected', isSessionInvalid: true, epoch: desk.epochOf('interactive') }
      expect(await desk.xts.orders()).toMatchObject(refused)
      const sent = desk.order()
      expect(await desk.xts.place(sent)).toMatchObject(refused)
      expect(await desk.received(sent)).toBe(0)
    },
  },
  'rate-limit-storm-wrapped': {
    behaviour:
      'orders and reads are rejected unprocessed, the governor slows down, and the session is not doubted',
    check: limitedBy({ name: 'rate-limit-storm-wrapped' }),
  },
  'rate-limit-storm-plain': {
    behaviour: 'so it is at the top level, under HTTP 429, 400 and 200',
    check: limitedBy(
      { name: 'rate-limit-storm-plain' },
      { name: 'rate-limit-storm-plain', parameters: { status: 400 } },
      { name: 'rate-limit-storm-plain', parameters: { status: 200 } },
    ),
  },
  'not-found-window': {
    behaviour: 'a page with 404 proves nothing: order and book are unknown',
    check: bothUnder({ name: 'not-found-window' }, UNREADABLE, 0),
  },
  'bad-gateway': {
    behaviour:
      'a 502 leaves the order unknown, and many of them open the breaker until the broker answers again',
    check: async (desk) => {
      await desk.fault({ name: 'bad-gateway' })
      const sent = desk.order()
      expect(await desk.xts.place(sent)).toMatchObject({ kind: 'unknown' })
      for (let reads = 0; reads < 4; reads += 1) expect((await desk.xts.orders()).kind).not.toBe('ok')
      expect(desk.broker.http.isBreakerOpen('read')).toBe(true)
      await desk.broker.clearFaults()
      expect(await desk.received(sent)).toBe(0)
      await until(() => !desk.broker.http.isBreakerOpen('read'))
      ok(await desk.xts.orders())
    },
  },
  'token-refused': {
    behaviour: 'one refusal of a good token is reported with its epoch, and the next call goes through',
    check: async (desk) => {
      await desk.fault({ name: 'token-refused' })
      expect(await desk.xts.orders()).toMatchObject({ kind: 'rejected', isSessionInvalid: true, epoch: 1 })
      ok(await desk.xts.orders())
      expect(desk.sockets.interactive.isLive).toBe(true)
    },
  },
  'answer-trickles': {
    behaviour:
      'a slow answer is read whole, and one that is slower than the deadline leaves the order unknown',
    check: async (desk) => {
      await desk.fault({ name: 'answer-trickles', parameters: { delayMs: 100 } })
      ok(await desk.xts.place(desk.order()))
      await desk.broker.clearFaults()
      await bothUnder(
        { name: 'answer-trickles', call: 'place', parameters: { delayMs: 3_000 } },
        { place: 'unknown', read: 'ok' },
        1,
      )(desk)
    },
  },
  'keep-alive-closed': {
    behaviour: 'a connection that dies between two orders costs no order and sends none twice',
    check: async (desk) => {
      await desk.fault({ name: 'keep-alive-closed' })
      for (let count = 0; count < 5; count += 1) {
        const sent = desk.order()
        const { kind } = await desk.xts.place(sent)
        const times = await desk.received(sent)
        expect([kind, times]).toEqual([kind, kind === 'ok' ? 1 : kind === 'not-sent' ? 0 : times])
        expect(times).toBeLessThanOrEqual(1)
      }
      expect(ok(await desk.xts.orders()).rows.length).toBeGreaterThan(0)
    },
  },
  'clock-skew': {
    behaviour: 'a broker whose clock is an hour ahead logs us in, takes orders and is read',
    check: async (desk) => {
      await desk.fault({ name: 'clock-skew', parameters: { skewMs: 3_600_000 } })
      const { http, profile } = desk.broker
      const keys = { appKey: KEYS.interactiveKey, secretKey: KEYS.interactiveSecret }
      ok(await loginInteractive({ http, profile, ...keys }))
      await desk.renew('interactive')
      const sent = desk.order()
      ok(await desk.xts.place(sent))
      const [row] = ok(await desk.xts.orders()).rows
      expect(row).toMatchObject({ tag: sent.tag })
      expect(row?.updatedAtMs).toBeGreaterThan(Date.now() + 3_000_000)
    },
  },
  'slow-everything': {
    behaviour: 'answers and events come later, and nothing is lost or sent again',
    check: async (desk) => {
      await desk.fault({ name: 'slow-everything', parameters: { delayMs: 150 } })
      const sent = desk.order()
      ok(await desk.xts.place(sent))
      await desk.untilTold(sent, 'filled')
      expect(await desk.received(sent)).toBe(1)
    },
  },
} as const satisfies FaultRows
