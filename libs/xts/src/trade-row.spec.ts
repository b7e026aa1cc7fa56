import { TRADE_ROW } from './testing/rows'
import { parseTradeRow } from './trade-row'
import { NotOurs, Unreadable } from './unreadable'

it('reads one fill by its own quantity and price, not by the order’s totals', () => {
  expect(parseTradeRow(TRADE_ROW)).toEqual({
    brokerOrderId: '3110037831',
    tag: 'nifty-a1b2c3',
    tradeId: '2177829',
    clientID: 'ABC1234',
    segment: 'NSEFO',
    token: 48225,
    side: 'BUY',
    product: 'NRML',
    quantity: 65,
    price: 101.4,
    tradedAtMs: Date.parse('2026-02-04T14:22:13+05:30'),
  })
})

it('reads a trade event', () => {
  const event = {
    ...TRADE_ROW,
    OrderSide: 'Sell',
    OrderSideAPI: 'SELL',
    LastExecutionTransactTime: '2024-12-27T11:22:47',
  }
  expect(parseTradeRow(event)).toMatchObject({
    side: 'SELL',
    tradedAtMs: Date.parse('2024-12-27T11:22:47+05:30'),
  })
})

it('keeps a trade whose time cannot be read, since its quantity can', () => {
  expect(parseTradeRow({ ...TRADE_ROW, LastExecutionTransactTime: 'noon' }).tradedAtMs).toBeUndefined()
})

it.each([
  [{ LastTradedQuantity: undefined }, 'LastTradedQuantity is missing'],
  [{ LastTradedQuantity: 0 }, 'LastTradedQuantity is 0'],
  [{ LastTradedQuantity: -65 }, 'LastTradedQuantity is negative'],
  [{ LastTradedPrice: '' }, 'LastTradedPrice is missing'],
  [{ LastTradedPrice: 'x' }, 'LastTradedPrice is not a number'],
  [{ ExecutionID: '' }, 'ExecutionID is missing'],
  [{ AppOrderID: '' }, 'AppOrderID is missing'],
  [{ OrderSide: '' }, 'OrderSideAPI is missing'],
])('does not read a row with %j', (change, problem) => {
  expect(() => parseTradeRow({ ...TRADE_ROW, ...change })).toThrow(Unreadable)
  expect(() => parseTradeRow({ ...TRADE_ROW, ...change })).toThrow(problem)
})

it('leaves a fill aside of a product that we do not trade', () => {
  expect(() => parseTradeRow({ ...TRADE_ROW, ProductType: 'CO' })).toThrow(NotOurs)
})
