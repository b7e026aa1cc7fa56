import type {
  OrderEvent,
  PlacedOrder,
  PositionView,
  ReplayAnswer,
  SmartOrderAnswer,
} from '@xts-bridge/contracts'
import { Publisher, Subscriber } from 'zeromq'
import { eventually } from '../support/eventually'
import { startHouse, type House } from '../support/house'
import { Strategy, brokerOrders } from '../support/strategy'

const RELIANCE = { exchange: 'NSE', symbol: 'RELIANCE', product: 'MIS' }

let house: House
let strategy: Strategy
beforeAll(async () => {
  house = await startHouse({ env: { HTTP_TIMEOUT_MS: '1500', ORDER_ABSENCE_MARGIN_MS: '200' } })
  strategy = new Strategy(house)
  strategy.watchOrders()
})
afterAll(async () => {
  await strategy?.close()
})

const positionOf = async (symbol: string): Promise<number | undefined> => {
  const rows = await strategy.ask<PositionView[]>('orders', 'book.positions', {})
  return rows.find((row) => row.symbol === symbol)?.quantity
}
const setFault = async (fault: object): Promise<void> => {
  const reply = await fetch(`${house.controlUrl}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  })
  expect(reply.status).toBe(200)
}
const orderOf = (data: unknown): OrderEvent['order'] => (data as OrderEvent).order

describe('an order through the whole house', () => {
  it('reaches a target position, is filled, and is the broker’s only order', async () => {
    const answer = await strategy.ask<SmartOrderAnswer>('orders', 'order.smart', {
      ...RELIANCE,
      targetPosition: 25,
    })
    expect(answer).toMatchObject({ action: 'placed', netPosition: 0, difference: 25 })
    const orderId = answer.order?.orderId ?? ''
    const filled = await strategy.event(orderId, 'filled')
    expect(filled.topic).toBe('order.primary.filled')
    expect(orderOf(filled.data)).toMatchObject({
      orderId,
      state: 'filled',
      side: 'BUY',
      filledQuantity: 25,
      symbol: 'RELIANCE',
    })
    expect(await positionOf('RELIANCE')).toBe(25)
    const atBroker = (await brokerOrders(house)).filter(({ tag }) => tag === orderId)
    expect(atBroker).toMatchObject([{ status: 'Filled' }])
  })

  it('sends nothing when the target is reached already', async () => {
    const before = (await brokerOrders(house)).length
    const answer = await strategy.ask<SmartOrderAnswer>('orders', 'order.smart', {
      ...RELIANCE,
      targetPosition: 25,
    })
    expect(answer).toMatchObject({ action: 'none', netPosition: 25, difference: 0 })
    expect(await brokerOrders(house)).toHaveLength(before)
  })

  it('crosses zero to a short target and ends there', async () => {
    const answer = await strategy.ask<SmartOrderAnswer>('orders', 'order.smart', {
      ...RELIANCE,
      targetPosition: -10,
    })
    await strategy.event(answer.order?.orderId ?? '', 'filled')
    expect(await positionOf('RELIANCE')).toBe(-10)
  })

  it('gives the first answer to a clientOrderId that comes again, and refuses another body under it', async () => {
    const order = { ...RELIANCE, symbol: 'SBIN', side: 'BUY', quantity: 3 }
    const first = await strategy.ask<PlacedOrder>('orders', 'order.place', order, {
      clientOrderId: 'again-1',
    })
    const second = await strategy.ask<PlacedOrder>('orders', 'order.place', order, {
      clientOrderId: 'again-1',
    })
    expect(second).toMatchObject({ orderId: first.orderId, brokerOrderId: first.brokerOrderId })
    const other = strategy.ask(
      'orders',
      'order.place',
      { ...order, quantity: 4 },
      { clientOrderId: 'again-1' },
    )
    await expect(other).rejects.toMatchObject({ kind: 'refused', code: 'CLIENT_ORDER_ID_REUSED' })
    expect((await brokerOrders(house)).filter(({ tag }) => tag === first.orderId)).toHaveLength(1)
  })

  it.each(['accept-then-timeout', 'accept-then-reset', 'accept-then-500'])(
    'calls an order unknown after %s, finds it by its tag and never sends it again',
    async (name) => {
      await setFault({ name, call: 'place' })
      const clientOrderId = `lost-${name}`
      const order = { ...RELIANCE, symbol: 'INFY', side: 'BUY', quantity: 2 }
      const lost = strategy.ask('orders', 'order.place', order, { clientOrderId, timeoutMs: 10_000 })
      const error = await lost.then(
        () => undefined,
        (thrown: { kind: string; code: string; details: { orderId: string } }) => thrown,
      )
      // Evidence may overtake the lost reply; then the answer is the order itself.
      const orderId =
        error?.details.orderId ??
        (await strategy.ask<PlacedOrder>('orders', 'order.place', order, { clientOrderId })).orderId
      if (error) expect(error).toMatchObject({ kind: 'unknown', code: 'XTS_REPLY_LOST' })
      await strategy.event(orderId, 'filled', 20_000)
      expect((await brokerOrders(house)).filter(({ tag }) => tag === orderId)).toHaveLength(1)
      const again = await strategy.ask<PlacedOrder>('orders', 'order.place', order, { clientOrderId })
      expect(again).toMatchObject({ orderId, state: 'filled' })
    },
  )

  it('replays events after a sequence number, oldest first', async () => {
    const all = await strategy.ask<ReplayAnswer>('orders', 'order.replay', { fromSeq: 0 })
    expect(all.events.map(({ seq }) => seq)).toEqual(all.events.map((_, index) => index + 1))
    expect(all.lastSeq).toBe(all.events.at(-1)?.seq)
    const last = await strategy.ask<ReplayAnswer>('orders', 'order.replay', { fromSeq: all.lastSeq - 1 })
    expect(last.events).toEqual(all.events.slice(-1))
  })

  it('repairs a lost last event as soon as the heartbeat shows it', async () => {
    const lossy = await startLossyProxy(house.places.endpoints.ORDERS_EVENTS_ENDPOINT)
    const reader = new Strategy(house)
    try {
      reader.watchOrders(lossy.endpoint)
      await eventually('the reader hears the publisher', 10_000, () =>
        lossy.passed() > 1 ? true : undefined,
      )
      lossy.loseEvents()
      const order = { ...RELIANCE, symbol: 'TCS', side: 'BUY', quantity: 1 }
      const { orderId } = await reader.ask<PlacedOrder>('orders', 'order.place', order)
      await strategy.event(orderId, 'filled')
      await reader.event(orderId, 'filled')
      expect(lossy.lost()).toBeGreaterThan(0)
      const seqs = reader.events.map(({ seq }) => seq)
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
    } finally {
      await reader.close()
      await lossy.close()
    }
  })
})

interface LossyProxy {
  readonly endpoint: string
  passed(): number
  lost(): number
  loseEvents(): void
  close(): Promise<void>
}

/** Stands between a publisher and its reader; once told so, lets heartbeats through and nothing else. */
async function startLossyProxy(upstream: string): Promise<LossyProxy> {
  const subscriber = new Subscriber({ linger: 0 })
  const publisher = new Publisher({ linger: 0 })
  await publisher.bind('tcp://127.0.0.1:*')
  subscriber.connect(upstream)
  subscriber.subscribe('')
  const counts = { passed: 0, lost: 0, isLossy: false }
  const forwarding = (async () => {
    for await (const frames of subscriber) {
      if (counts.isLossy && frames[0]?.toString() !== 'heartbeat') counts.lost += 1
      else {
        counts.passed += 1
        await publisher.send(frames)
      }
    }
  })()
  return {
    endpoint: publisher.lastEndpoint ?? '',
    passed: () => counts.passed,
    lost: () => counts.lost,
    loseEvents: () => (counts.isLossy = true),
    close: async () => {
      subscriber.close()
      await forwarding
      publisher.close()
    },
  }
}
