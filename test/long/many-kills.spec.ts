import type { PlacedOrder } from '@xts-bridge/contracts'
import { eventually } from '../support/eventually'
import { startHouse } from '../support/house'
import { Strategy, brokerOrders } from '../support/strategy'

const KILLS = 20
const ORDERS_PER_KILL = 12
const ORDER = { exchange: 'NSE', symbol: 'SBIN', product: 'MIS', side: 'BUY', quantity: 1 }
const FINAL = new Set(['ORDER_PROVEN_ABSENT', 'BROKER_REJECTED', 'XTS_NOT_SENT', 'SESSION_UNAVAILABLE'])

describe('kill -9 of order-execution, again and again', () => {
  it(`doubles and loses nothing over ${KILLS} kills`, async () => {
    const house = await startHouse({
      env: { HTTP_TIMEOUT_MS: '1500', ORDER_ABSENCE_MARGIN_MS: '200', XTS_ORDERS_PER_SECOND: '200' },
    })
    const strategy = new Strategy(house)
    const placed: string[] = []
    const place = (clientOrderId: string): Promise<string> =>
      eventually(`the fate of ${clientOrderId}`, 90_000, async () => {
        try {
          const { orderId } = await strategy.ask<PlacedOrder>('orders', 'order.place', ORDER, {
            clientOrderId,
            timeoutMs: 2_000,
          })
          placed.push(orderId)
          return 'placed'
        } catch (error) {
          const { code } = error as { code: string }
          return FINAL.has(code) ? code : undefined
        }
      })
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const fates = Array.from({ length: ORDERS_PER_KILL }, (_, n) => place(`kill-${kill}-${n}`))
        // Each round dies at another moment: after as many orders as the round's number says.
        const enough = (await brokerOrders(house)).length + (kill % 6)
        await eventually('orders are under way', 20_000, async () =>
          (await brokerOrders(house)).length >= enough ? true : undefined,
        )
        const pid = house.kill('order-execution')
        await Promise.all(fates)
        await house.untilRestarted('order-execution', pid)
      }
      const tags = (await brokerOrders(house)).map(({ tag }) => tag)
      expect(tags).toHaveLength(new Set(tags).size)
      expect([...new Set(placed)].sort()).toEqual([...tags].sort())
    } finally {
      await strategy.close()
    }
  }, 900_000)
})
