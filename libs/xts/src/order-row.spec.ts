import { parseOrderRow } from './order-row'
import { ORDER_ROW } from './testing/rows'
import { NotOurs, Unreadable } from './unreadable'

it('reads a row of the order book', () => {
  expect(parseOrderRow(ORDER_ROW)).toEqual({
    brokerOrderId: '3110037831',
    tag: 'nifty-a1b2c3',
    clientID: 'ABC1234',
    segment: 'NSEFO',
    token: 48225,
    side: 'BUY',
    priceType: 'LIMIT',
    product: 'NRML',
    validity: 'DAY',
    quantity: 130,
    price: 101.5,
    triggerPrice: 0,
    state: 'open',
    filledQuantity: 0,
    remainingQuantity: 130,
    averagePrice: undefined,
    reason: undefined,
    updatedAtMs: Date.parse('2026-02-04T14:22:12+05:30'),
  })
})

it('reads the same order from an event, with its other cases and twins', () => {
  const event = {
    ...ORDER_ROW,
    OrderSide: 'Sell',
    OrderSideAPI: 'SELL',
    OrderStatus: 'Cancelled',
    CumulativeQuantity: 65,
    LeavesQuantity: 65,
    OrderAverageTradedPrice: '2,853.50',
    OrderAverageTradedPriceAPI: 2853.5,
    LastUpdateDateTime: '2026-02-04T14:22:12.1239997',
    CancelRejectReason: '17071 : The order could have resulted in self trade ',
  }
  expect(parseOrderRow(event)).toMatchObject({
    side: 'SELL',
    state: 'cancelled',
    filledQuantity: 65,
    remainingQuantity: 65,
    averagePrice: 2853.5,
    reason: '17071 : The order could have resulted in self trade',
    updatedAtMs: Date.parse('2026-02-04T14:22:12.123+05:30'),
  })
})

it.each([
  ['PendingReplace', true],
  ['PendingCancel', true],
  ['Replaced', undefined],
  ['New', undefined],
])('tells of %s that a change is on its way: %s', (OrderStatus, isChanging) => {
  expect(parseOrderRow({ ...ORDER_ROW, OrderStatus })).toMatchObject({ state: 'open', isChanging })
})

it('has no average price before the first fill, whatever stands for none', () => {
  const none = [
    { OrderAverageTradedPriceAPI: 'NaN' },
    { OrderAverageTradedPrice: '0.00' },
    { OrderAverageTradedPrice: '' },
  ]
  for (const field of none) expect(parseOrderRow({ ...ORDER_ROW, ...field }).averagePrice).toBeUndefined()
})

it('reads the average from the text when the twin is missing', () => {
  const row = { ...ORDER_ROW, OrderStatus: 'Filled', CumulativeQuantity: 130, LeavesQuantity: 0 }
  expect(parseOrderRow({ ...row, OrderAverageTradedPrice: '1,01,234.05' }).averagePrice).toBe(101234.05)
})

it('reads a triggered stop order by the type that it has now', () => {
  const row = { ...ORDER_ROW, OrderType: 'Limit', OrderStopPrice: 99.5 }
  expect(parseOrderRow(row)).toMatchObject({ priceType: 'LIMIT', triggerPrice: 99.5 })
})

it('has an empty tag for an order placed in a terminal', () => {
  expect(parseOrderRow({ ...ORDER_ROW, OrderUniqueIdentifier: '' }).tag).toBe('')
})

it.each([
  [{ AppOrderID: undefined }, 'AppOrderID is missing'],
  [{ AppOrderID: 0 }, 'AppOrderID is not an id'],
  [{ AppOrderID: 'X-1' }, 'AppOrderID is not an id'],
  [{ AppOrderID: 12.5 }, 'AppOrderID is not an id'],
  [{ OrderStatus: undefined }, 'OrderStatus is missing'],
  [{ OrderStatus: 'Odd' }, 'OrderStatus is not known'],
  [{ OrderSide: 'Hold' }, 'OrderSide is not known'],
  [{ OrderType: 'Magic' }, 'OrderType is not known'],
  [{ OrderQuantity: '1,3x0' }, 'OrderQuantity is not a number'],
  [{ OrderQuantity: 1.5 }, 'OrderQuantity is not a whole number'],
  [{ OrderQuantity: -65 }, 'OrderQuantity is negative'],
  [{ CumulativeQuantity: undefined }, 'CumulativeQuantity is missing'],
  [{ CumulativeQuantity: 'NaN' }, 'CumulativeQuantity is missing'],
  [{ CumulativeQuantity: 200 }, 'contradicts'],
  [{ OrderStatus: 'Filled', CumulativeQuantity: 65 }, 'contradicts'],
  [{ LeavesQuantity: null }, 'LeavesQuantity is missing'],
  [{ OrderPrice: {} }, 'OrderPrice is not a number'],
  [{ ExchangeInstrumentID: 'RELIANCE' }, 'ExchangeInstrumentID is not a number'],
  [{ OrderUniqueIdentifier: { a: 1 } }, 'OrderUniqueIdentifier is not text'],
])('does not read a row with %j', (change, problem) => {
  expect(() => parseOrderRow({ ...ORDER_ROW, ...change })).toThrow(Unreadable)
  expect(() => parseOrderRow({ ...ORDER_ROW, ...change })).toThrow(problem)
})

it.each([{ ProductType: 'BO' }, { ExchangeSegment: 'NSECO' }, { TimeInForce: 'GTC' }])(
  'leaves an order aside that we cannot have placed: %j',
  (change) => {
    expect(() => parseOrderRow({ ...ORDER_ROW, ...change, OrderStatus: 'Odd' })).toThrow(NotOurs)
  },
)
