import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OrderView, PlacedOrder, PositionView, SmartOrderAnswer } from '@xts-bridge/contracts'
import { eventually } from '../support/eventually'
import { startHouse, type House } from '../support/house'
import { Strategy, brokerOrders } from '../support/strategy'

const RELIANCE = { exchange: 'NSE', symbol: 'RELIANCE', product: 'MIS' } as const
/** A smart order cancels what works in its own instrument, so what is to rest rests in another. */
const SBIN = { exchange: 'NSE', symbol: 'SBIN', product: 'MIS' } as const
const SBIN_TOKEN = 3045

let folder: string
let house: House
let strategy: Strategy

async function enter(): Promise<void> {
  house = await startHouse({
    dataFolder: folder,
    env: { HTTP_TIMEOUT_MS: '1500', ORDER_ABSENCE_MARGIN_MS: '200' },
  })
  strategy = new Strategy(house)
  strategy.watchOrders()
}

async function leave(): Promise<void> {
  await strategy.close()
  expect((await house.stop()).orphans).toEqual([])
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xts-restart-'))
  await enter()
})
afterAll(async () => {
  await strategy?.close()
  await house?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Undefined when nothing was done because the broker, or the session with it, is on its way back. */
async function unlessUnavailable<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if ((error as { kind: string }).kind === 'unavailable') return undefined
    throw error
  }
}
const position = async (symbol: string): Promise<number | undefined> => {
  const rows = await strategy.ask<PositionView[]>('orders', 'book.positions', {})
  return rows.find((row) => row.symbol === symbol)?.quantity
}
const untilPosition = (symbol: string, quantity: number): Promise<boolean> =>
  eventually(`a position of ${quantity} ${symbol}`, 10_000, async () =>
    (await unlessUnavailable(position(symbol))) === quantity ? true : undefined,
  )
const orderInBook = async (orderId: string): Promise<OrderView | undefined> => {
  const rows = await strategy.ask<OrderView[]>('orders', 'book.orders', {})
  return rows.find((row) => row.orderId === orderId)
}
const atBroker = async (orderId: string): Promise<readonly string[]> =>
  (await brokerOrders(house)).filter(({ tag }) => tag === orderId).map(({ status }) => status)

/** Asks for the target until the house can say where it stands; the position then is the target. */
async function reach(targetPosition: number): Promise<SmartOrderAnswer> {
  const smart = { ...RELIANCE, targetPosition }
  const answer = await eventually(`a smart order to ${targetPosition}`, 30_000, () =>
    unlessUnavailable(strategy.ask<SmartOrderAnswer>('orders', 'order.smart', smart)),
  )
  if (answer.order) await strategy.event(answer.order.orderId, 'filled')
  await untilPosition(RELIANCE.symbol, targetPosition)
  return answer
}

async function rest(order: object): Promise<string> {
  const limit = { side: 'BUY', quantity: 3, priceType: 'LIMIT', ...order }
  const { orderId } = await strategy.ask<PlacedOrder>('orders', 'order.place', limit)
  await eventually(`order ${orderId} rests`, 10_000, async () =>
    (await orderInBook(orderId))?.state === 'open' ? true : undefined,
  )
  return orderId
}

/** Moves the market of SBIN. */
async function movePrice(price: number): Promise<void> {
  const reply = await fetch(`${house.controlUrl}/price`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ segment: 'NSECM', token: SBIN_TOKEN, price }),
  })
  expect(reply.status).toBe(200)
}

describe('a house that is stopped and started again', () => {
  let waiting: string
  let inTheWay: string

  it('has its orders and its position', async () => {
    await reach(10)
    await movePrice(1_040)
    waiting = await rest({ ...SBIN, price: 1_000 })
    inTheWay = await rest({ ...RELIANCE, price: 1_400 })
    await leave()
    await enter()
    expect(await position(RELIANCE.symbol)).toBe(10)
    for (const orderId of [waiting, inTheWay]) {
      expect(await orderInBook(orderId)).toMatchObject({ state: 'open', quantity: 3, filledQuantity: 0 })
      expect(await atBroker(orderId)).toEqual(['New'])
    }
  })

  it('reaches another target, and cancels what worked towards an earlier one', async () => {
    expect(await reach(20)).toMatchObject({
      action: 'placed', netPosition: 10, difference: 10, cancelledOrderIds: [inTheWay],
    }) // prettier-ignore
    expect(await atBroker(inTheWay)).toEqual(['Cancelled'])
  })

  it('hears of the fill of an order that was placed before', async () => {
    await movePrice(995)
    await strategy.event(waiting, 'filled')
    expect(await orderInBook(waiting)).toMatchObject({
      state: 'filled',
      filledQuantity: 3,
      averagePrice: 1_000,
    })
    await untilPosition(SBIN.symbol, 3)
  })

  it('goes on after a second stop as well, with no order at the broker twice', async () => {
    await leave()
    await enter()
    expect(await position(SBIN.symbol)).toBe(3)
    expect(await reach(-5)).toMatchObject({ netPosition: 20, difference: -25 })
    const tags = (await brokerOrders(house)).map(({ tag }) => tag)
    expect(tags).toHaveLength(5)
    expect(new Set(tags).size).toBe(5)
  })
})

describe('kill -9 of the broker', () => {
  it('costs neither orders nor position: the house recovers by itself and trades on', async () => {
    await movePrice(1_040)
    const waiting = await rest({ ...SBIN, price: 1_000 })
    const pid = house.kill('simulator')
    await house.untilRestarted('simulator', pid)
    expect(await reach(15)).toMatchObject({ action: 'placed', netPosition: -5, difference: 20 })
    expect(await atBroker(waiting)).toEqual(['New'])
    await movePrice(995)
    await strategy.event(waiting, 'filled', 30_000)
    await untilPosition(SBIN.symbol, 6)
  })

  it('before the house heard of a fill loses nothing of it', async () => {
    await movePrice(1_040)
    const waiting = await rest({ ...SBIN, price: 1_000 })
    house.kill('order-execution', 'SIGSTOP')
    await movePrice(995)
    const simulator = house.kill('simulator')
    house.kill('order-execution', 'SIGCONT')
    await house.untilRestarted('simulator', simulator)
    await strategy.event(waiting, 'filled', 30_000)
    await untilPosition(SBIN.symbol, 9)
  })
})
