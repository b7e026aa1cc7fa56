import type { SmartOrderAnswer } from '@xts-bridge/contracts'
import type { BusAsker } from './bus-asker'
import { PlaceSmartOrder } from './place-smart-order'

const REQUEST = {
  apikey: 'key',
  strategy: 'test',
  symbol: 'RELIANCE',
  exchange: 'NSE',
  action: 'sell',
  product: 'MIS',
}

interface Asked {
  readonly subject: string
  readonly data: unknown
  readonly options: unknown
}

function smartOrders(answer: Partial<SmartOrderAnswer>): { story: PlaceSmartOrder; asked: Asked[] } {
  const asked: Asked[] = []
  const bus: BusAsker = {
    request: <T>(subject: string, data: unknown, options: unknown) => {
      asked.push({ subject, data, options })
      return Promise.resolve(answer as T)
    },
  }
  return { story: new PlaceSmartOrder(bus), asked }
}
const NOTHING_SENT: Partial<SmartOrderAnswer> = { action: 'none' }

describe('placesmartorder', () => {
  it('forwards the target under the caller’s key and order id', async () => {
    const { story, asked } = smartOrders(NOTHING_SENT)
    await story.place(
      { ...REQUEST, quantity: '10', position_size: '-25', pricetype: 'MARKET', price: '99' },
      'id-1',
    )
    expect(asked).toEqual([
      {
        subject: 'order.smart',
        data: {
          strategy: 'test',
          exchange: 'NSE',
          symbol: 'RELIANCE',
          product: 'MIS',
          targetPosition: -25,
          priceType: 'MARKET',
          price: 0,
          triggerPrice: 0,
        },
        options: { apiKey: 'key', clientOrderId: 'id-1' },
      },
    ])
  })

  it('says what to send when flat, for a target of 0 with a quantity', async () => {
    const { story, asked } = smartOrders(NOTHING_SENT)
    await story.place({ ...REQUEST, quantity: 10, position_size: 0 }, 'id')
    expect(asked[0]?.data).toMatchObject({ targetPosition: 0, whenFlat: { side: 'SELL', quantity: 10 } })
  })

  it('does not order anything when flat and asked to be flat without a quantity', async () => {
    const { story, asked } = smartOrders(NOTHING_SENT)
    await story.place({ ...REQUEST, quantity: 0, position_size: 0 }, 'id')
    expect(asked[0]?.data).not.toHaveProperty('whenFlat')
  })

  it.each([
    [0, 'No OpenPosition Found. Not placing Exit order.'],
    [10, 'Positions Already Matched. No Action needed.'],
  ])('answers a matched position with quantity %i as a success', async (quantity, message) => {
    const { story } = smartOrders(NOTHING_SENT)
    await expect(story.place({ ...REQUEST, quantity, position_size: 5 }, 'id')).resolves.toEqual({
      status: 'success',
      message,
    })
  })

  it('answers the broker’s order id as text', async () => {
    const order = { orderId: 'ours', brokerOrderId: '1110001234', state: 'accepted' as const }
    const { story } = smartOrders({ action: 'placed', order })
    await expect(story.place({ ...REQUEST, quantity: 1, position_size: 5 }, 'id')).resolves.toEqual({
      status: 'success',
      orderid: '1110001234',
    })
  })

  it('asks nobody when the exchange is not served', async () => {
    const { story, asked } = smartOrders(NOTHING_SENT)
    await expect(
      story.place({ ...REQUEST, exchange: 'CRYPTO', quantity: 1, position_size: 5 }, 'id'),
    ).rejects.toMatchObject({ httpStatus: 400, message: expect.stringContaining('CRYPTO') as string })
    expect(asked).toEqual([])
  })
})
