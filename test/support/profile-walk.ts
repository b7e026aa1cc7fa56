import type { OrderView, PlacedOrder, PositionView, SmartOrderAnswer } from '@xts-bridge/contracts'
import { eventually } from './eventually'
import { startHouse } from './house'
import { brokerOrders, Strategy, type BrokerRecord } from './strategy'

const WITHIN_MS = 20_000
const RELIANCE = { exchange: 'NSE', symbol: 'RELIANCE', product: 'MIS' }
const TOPIC = 'NSE_RELIANCE_QUOTE'

export interface ProfileWalk {
  readonly profile: string
  /** Of the simulated broker: the kind of account, and what else it differs in. */
  readonly env?: Readonly<Record<string, string>>
}

/** An order as the simulated broker has it. */
export interface WalkedOrder extends BrokerRecord {
  readonly orderType: string
  readonly clientCode: string
}

/**
 * The process flows under one broker's profile, through a whole house: a tick, an entry by a limit that fills, a second one
 * that rests and is read in the book, and a smart order that cancels it and brings the position to nothing. Resolves with
 * both entries and the exit, as the broker got them.
 */
export async function walkProfile({ profile, env = {} }: ProfileWalk): Promise<readonly WalkedOrder[]> {
  const house = await startHouse({ env: { SIMULATED_PROFILE: profile, ...env } })
  const strategy = new Strategy(house)
  try {
    strategy.watchOrders()
    const last = await lastPrice(strategy)
    const first = await placeLimit(strategy, Math.ceil(last * 1.01))
    await strategy.event(first.orderId, 'filled', WITHIN_MS)
    const second = await placeLimit(strategy, Math.floor(last * 0.97))
    await untilInBook(strategy, second.orderId, 'open')
    const answer = await strategy.ask<SmartOrderAnswer>('orders', 'order.smart', {
      ...RELIANCE,
      targetPosition: 0,
    })
    expect(answer).toMatchObject({ netPosition: 5, difference: -5, cancelledOrderIds: [second.orderId] })
    await strategy.event(answer.order?.orderId ?? '', 'filled', WITHIN_MS)
    await untilInBook(strategy, second.orderId, 'cancelled')
    await untilFlat(strategy)
    return (await brokerOrders(house)) as readonly WalkedOrder[]
  } finally {
    await strategy.close()
    await house.stop()
  }
}

async function lastPrice(strategy: Strategy): Promise<number> {
  const ticks = strategy.watchTicks(TOPIC)
  return eventually('a tick', WITHIN_MS, () => ticks.find(({ ltp }) => ltp > 0)?.ltp)
}

const placeLimit = (strategy: Strategy, price: number): Promise<PlacedOrder> =>
  strategy.ask<PlacedOrder>('orders', 'order.place', {
    ...RELIANCE,
    ...{ side: 'BUY', quantity: 5, priceType: 'LIMIT', price },
  })

const untilInBook = (strategy: Strategy, orderId: string, state: string): Promise<OrderView> =>
  eventually(`order ${orderId} is ${state} in the book`, WITHIN_MS, async () => {
    const rows = await strategy.ask<OrderView[]>('orders', 'book.orders', {})
    return rows.find((row) => row.orderId === orderId && row.state === state)
  })

const untilFlat = (strategy: Strategy): Promise<PositionView> =>
  eventually('the position is flat', WITHIN_MS, async () => {
    const rows = await strategy.ask<PositionView[]>('orders', 'book.positions', {})
    return rows.find(({ symbol, quantity }) => symbol === 'RELIANCE' && quantity === 0)
  })
