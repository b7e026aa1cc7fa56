import type { PlacedOrder } from '@xts-bridge/contracts'
import { eventually } from '../support/eventually'
import { startHouse, type House, type ServiceName } from '../support/house'
import { Strategy, brokerOrders } from '../support/strategy'

const ORDER = { exchange: 'NSE', symbol: 'SBIN', product: 'MIS', side: 'BUY', quantity: 1 } as const
/** An answer that leaves the fate of the request open, or says that nothing was done: the same clientOrderId asks again. */
const ASK_AGAIN = new Set([
  'REPLY_LOST',
  'REQUEST_NOT_SENT',
  'NOT_READY',
  'SERVICE_STOPPING',
  'KEY_CHECK_UNAVAILABLE',
  'XTS_REPLY_LOST',
  'DEADLINE_EXPIRED',
])

type Fate =
  | { readonly kind: 'placed'; readonly order: PlacedOrder }
  | { readonly kind: 'not placed'; readonly code: string }

let house: House
let strategy: Strategy
beforeAll(async () => {
  house = await startHouse({
    env: { HTTP_TIMEOUT_MS: '1500', ORDER_ABSENCE_MARGIN_MS: '200', XTS_ORDERS_PER_SECOND: '200' },
  })
  strategy = new Strategy(house)
})
afterAll(async () => {
  await strategy?.close()
})

/** Asks with one clientOrderId until the answer is final. */
function place(clientOrderId: string): Promise<Fate> {
  return eventually(`the fate of ${clientOrderId}`, 60_000, async () => {
    try {
      const order = await strategy.ask<PlacedOrder>('orders', 'order.place', ORDER, {
        clientOrderId,
        timeoutMs: 2_000,
      })
      return { kind: 'placed', order }
    } catch (error) {
      const { code } = error as { code: string }
      return ASK_AGAIN.has(code) ? undefined : { kind: 'not placed', code }
    }
  })
}

async function delayReplies(count: number): Promise<void> {
  await fetch(`${house.controlUrl}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'reply-delayed', call: 'place', delayMs: 700, count }),
  })
}

async function expectOneEach(fates: readonly Fate[]): Promise<void> {
  const known = fates.flatMap((fate) => (fate.kind === 'placed' ? [fate.order.orderId] : []))
  expect(new Set(known).size).toBe(known.length)
  const atBroker = new Map<string, number>()
  for (const { tag } of await brokerOrders(house)) atBroker.set(tag, (atBroker.get(tag) ?? 0) + 1)
  const twice = [...atBroker].filter(([, count]) => count > 1)
  expect(twice).toEqual([])
  expect(known.filter((orderId) => !atBroker.has(orderId))).toEqual([])
}

describe('kill -9 while orders flow', () => {
  const everyFate: Fate[] = []

  it.each<ServiceName>([
    'order-execution',
    'auth-service',
    'master-contract',
    'streaming-adapter',
    'ws-proxy',
    'gateway',
  ])('of %s doubles no order and loses none', async (name) => {
    const orders: Promise<Fate>[] = []
    const flow = (from: number, count: number): void => {
      for (let n = from; n < from + count; n += 1) orders.push(place(`${name}-${n}`))
    }
    await delayReplies(4)
    flow(0, 8)
    await eventually('orders are at the broker', 20_000, async () => {
      const mine =
        (await brokerOrders(house)).length - everyFate.filter((fate) => fate.kind === 'placed').length
      return mine >= 2 ? true : undefined
    })
    const pid = house.kill(name)
    flow(8, 8)
    await house.untilRestarted(name, pid)
    flow(16, 4)
    const fates = await Promise.all(orders)
    everyFate.push(...fates)
    await expectOneEach(everyFate)
    // An order that is not placed is one whose absence was proven: never a guess.
    expect(fates.filter((fate) => fate.kind === 'not placed' && fate.code !== 'ORDER_PROVEN_ABSENT')).toEqual(
      [],
    )
    const last = await place(`${name}-after`)
    expect(last.kind).toBe('placed')
    everyFate.push(last)
  })

  it('leaves no order at the broker that the house does not know', async () => {
    const known = new Set(everyFate.flatMap((fate) => (fate.kind === 'placed' ? [fate.order.orderId] : [])))
    const unknown = (await brokerOrders(house)).filter(({ tag }) => !known.has(tag))
    expect(unknown).toEqual([])
  })
})
