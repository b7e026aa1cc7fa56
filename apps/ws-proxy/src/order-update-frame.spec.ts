import type { OrderState, OrderView } from '@xts-bridge/contracts'
import { orderUpdateFrame } from './order-update-frame'

const ORDER: OrderView = {
  orderId: 'ourTag',
  brokerOrderId: '1110001234',
  account: 'primary',
  exchange: 'NSE',
  symbol: 'RELIANCE',
  side: 'BUY',
  priceType: 'MARKET',
  product: 'MIS',
  validity: 'DAY',
  quantity: 10,
  price: 0,
  triggerPrice: 0,
  state: 'filled',
  filledQuantity: 10,
  averagePrice: 2501.35,
  updatedAtMs: 1,
}
const frameOf = (changes: Partial<OrderView>): Record<string, unknown> =>
  JSON.parse(
    orderUpdateFrame({ order: { ...ORDER, ...changes } }, { broker: 'jainamxts', userId: 'trader1' }),
  ) as Record<string, unknown>

describe('orderUpdateFrame', () => {
  it('is the frame that the ecosystem documents', () => {
    expect(frameOf({})).toEqual({
      type: 'order_update',
      user_id: 'trader1',
      mode: 'live',
      broker: 'jainamxts',
      orderid: '1110001234',
      symbol: 'RELIANCE',
      exchange: 'NSE',
      action: 'BUY',
      quantity: 10,
      price: 0,
      trigger_price: 0,
      pricetype: 'MARKET',
      product: 'MIS',
      order_status: 'complete',
      filled_quantity: 10,
      pending_quantity: 0,
      average_price: 2501.35,
      rejection_reason: '',
    })
  })

  it.each<[OrderState, string, number]>([
    ['accepted', 'open', 6],
    ['open', 'open', 6],
    ['partially-filled', 'open', 6],
    ['unknown', 'unknown', 6],
    ['cancelled', 'cancelled', 0],
    ['rejected', 'rejected', 0],
    ['absent', 'rejected', 0],
  ])('says %s as %s with %d pending', (state, word, pending) => {
    const frame = frameOf({ state, filledQuantity: 4 })
    expect([frame['order_status'], frame['pending_quantity']]).toEqual([word, pending])
  })

  it('names an order that the broker has not numbered by our id, as text', () => {
    expect(frameOf({ brokerOrderId: undefined })['orderid']).toBe('ourTag')
  })

  it('passes on the words of a rejection', () => {
    expect(frameOf({ state: 'rejected', reason: 'Margin exceeds' })['rejection_reason']).toBe(
      'Margin exceeds',
    )
  })
})
