import type {
  CancelAllAnswer,
  ChangedOrder,
  DryRun,
  OrderEvent,
  OrderView,
  PlacedOrder,
  Quote,
} from '@xts-bridge/contracts'
import type { BusEvent } from '@xts-bridge/bus'
import { eventually } from '../support/eventually'
import { startHouse, type House } from '../support/house'
import { brokerOrders, Strategy } from '../support/strategy'

const SBIN = { exchange: 'NSE', symbol: 'SBIN', product: 'MIS', side: 'BUY', priceType: 'LIMIT' }

let house: House
let strategy: Strategy
let farBelow: number
beforeAll(async () => {
  house = await startHouse({ env: { HTTP_TIMEOUT_MS: '1500', ORDER_ABSENCE_MARGIN_MS: '200' } })
  strategy = new Strategy(house)
  strategy.watchOrders()
  const { ltp } = await strategy.ask<Quote>('feed', 'market.quotes', { exchange: 'NSE', symbol: 'SBIN' })
  farBelow = Math.floor(ltp * 0.95)
})
afterAll(async () => {
  await strategy?.close()
})

/** An order that rests far from the market. */
async function rest(quantity = 10): Promise<PlacedOrder> {
  const placed = await strategy.ask<PlacedOrder>('orders', 'order.place', {
    ...SBIN,
    quantity,
    price: farBelow,
  })
  await strategy.event(placed.orderId, 'opened')
  return placed
}
const status = (orderId: string): Promise<OrderView> =>
  strategy.ask<OrderView>('orders', 'order.status', { orderId })
const setFault = async (fault: object): Promise<void> => {
  const reply = await fetch(`${house.controlUrl}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  })
  expect(reply.status).toBe(200)
}
const clearFaults = async (): Promise<void> => {
  expect((await fetch(`${house.controlUrl}/faults`, { method: 'DELETE' })).status).toBe(200)
}
const changeOf = ({ data }: BusEvent): OrderEvent['change'] => (data as OrderEvent).change
/** The event that says what became of a change whose answer was lost. */
const resolved = (orderId: string, changeId: string): Promise<BusEvent> =>
  eventually(`change ${changeId} is resolved`, 20_000, () =>
    strategy.events.find(
      (event) =>
        event.topic.endsWith('.resolved') &&
        (event.data as OrderEvent).order.orderId === orderId &&
        changeOf(event)?.changeId === changeId,
    ),
  )

describe('changes of an order through the whole house', () => {
  it('modifies a resting order and then cancels it, each told by its own evidence', async () => {
    const { orderId, brokerOrderId } = await rest()
    const modified = await strategy.ask<ChangedOrder>('orders', 'order.modify', {
      orderId,
      quantity: 7,
      price: farBelow - 1,
    })
    expect(modified).toMatchObject({ orderId, brokerOrderId, change: { change: 'modify' } })
    const event = await strategy.event(orderId, 'modified')
    expect(changeOf(event)).toMatchObject({ changeId: modified.change?.changeId, state: 'done' })
    expect(await status(orderId)).toMatchObject({ quantity: 7, price: farBelow - 1, state: 'open' })

    const cancelled = await strategy.ask<ChangedOrder>('orders', 'order.cancel', { orderId })
    expect(cancelled.change).toMatchObject({ change: 'cancel' })
    await strategy.event(orderId, 'cancelled')
    expect(await status(orderId)).toMatchObject({ state: 'cancelled', quantity: 7, filledQuantity: 0 })
    const again = await strategy.ask<ChangedOrder>('orders', 'order.cancel', { orderId })
    expect(again).toEqual({ orderId, brokerOrderId, state: 'cancelled' })
    expect((await brokerOrders(house)).filter(({ tag }) => tag === orderId)).toMatchObject([
      { status: 'Cancelled' },
    ])
  })

  it.each([
    ['order.modify', 'modify', { price: 'lower' }, 'open'],
    ['order.cancel', 'cancel', {}, 'cancelled'],
  ] as const)(
    'calls a %s unknown when its answer never comes, and finds what came of it',
    async (subject, call, change, state) => {
      const { orderId } = await rest()
      // The socket would tell at once, and the book soon: neither does before the answer is given up.
      await setFault({ name: 'event-lost', count: 'always', match: { event: 'order' } })
      await setFault({ name: 'order-book-html', count: 'always' })
      await setFault({ name: 'accept-then-timeout', call })
      const terms = 'price' in change ? { price: farBelow - 2 } : {}
      const asked = { orderId, ...terms }
      const lost = strategy.ask<ChangedOrder>('orders', subject, asked, {
        clientOrderId: `lost-${call}`,
        timeoutMs: 10_000,
      })
      await expect(lost).rejects.toMatchObject({ kind: 'unknown', code: 'CHANGE_REPLY_LOST' })
      const changeId = await lost.then(
        () => '',
        (error: { details: { changeId: string } }) => error.details.changeId,
      )
      expect(await status(orderId)).toMatchObject({ state: 'open', price: farBelow })
      await clearFaults()
      expect(changeOf(await resolved(orderId, changeId))).toMatchObject({ change: call, state: 'done' })
      expect(await status(orderId)).toMatchObject({ state, ...terms })
      const again = strategy.ask<ChangedOrder>('orders', subject, asked, { clientOrderId: `lost-${call}` })
      await expect(again).resolves.toMatchObject({ state, change: { changeId, state: 'done' } })
    },
  )

  it('proves a cancellation without effect that was lost on the way, and the order works on', async () => {
    const { orderId } = await rest()
    await setFault({ name: 'timeout-without-accept', call: 'cancel' })
    const lost = strategy.ask('orders', 'order.cancel', { orderId }, { timeoutMs: 10_000 })
    const changeId = await lost.then(
      () => 'an answer',
      (error: { details: { changeId: string } }) => error.details.changeId,
    )
    expect(changeOf(await resolved(orderId, changeId))).toMatchObject({ state: 'no-effect' })
    expect(await status(orderId)).toMatchObject({ state: 'open' })
  })

  it('cancels everything that works, order by order', async () => {
    const orders = [await rest(1), await rest(2)]
    const answer = await strategy.ask<CancelAllAnswer>('orders', 'order.cancel-all', {})
    for (const { orderId } of orders) {
      expect(answer.orders.map((row) => row.orderId)).toContain(orderId)
      await strategy.event(orderId, 'cancelled')
    }
    expect(answer.orders.filter(({ error }) => error !== undefined)).toEqual([])
  })

  it.each([
    ['order.modify', { price: 'x', side: 'BUY' }, ['price', 'side']],
    ['order.cancel', { orderId: 5, foo: 1 }, ['orderId', 'foo']],
    ['order.cancel-all', { product: 'X', limit: 1 }, ['product', 'limit']],
    ['order.dry-run', { ...SBIN, quantity: 0, price: -1 }, ['quantity', 'price']],
  ] as const)('names all problems of a bad %s at once', async (subject, data, fields) => {
    const error = await strategy.ask('orders', subject, data).then(
      () => undefined,
      (thrown: { code: string; message: string }) => thrown,
    )
    expect(error?.code).toBe('REQUEST_INVALID')
    for (const field of fields) expect(error?.message).toContain(field)
  })

  it('answers a dry run with the broker’s own words, and nothing reaches the broker', async () => {
    const before = (await brokerOrders(house)).length
    const answer = await strategy.ask<DryRun>('orders', 'order.dry-run', {
      ...SBIN,
      quantity: 3,
      price: farBelow,
    })
    expect(answer.dryRun).toMatchObject({
      method: 'POST',
      body: {
        ...{ exchangeSegment: 'NSECM', productType: 'MIS', orderType: 'LIMIT', orderSide: 'BUY' },
        ...{ timeInForce: 'DAY', orderQuantity: 3, limitPrice: farBelow, stopPrice: 0, disclosedQuantity: 0 },
        orderUniqueIdentifier: answer.orderId,
      },
    })
    expect(await brokerOrders(house)).toHaveLength(before)
  })
})
