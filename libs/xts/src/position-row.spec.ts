import { parsePositionRow } from './position-row'
import { POSITION_ROW } from './testing/rows'
import { NotOurs, Unreadable } from './unreadable'

const EXPECTED = {
  clientID: 'ABC1234',
  segment: 'NSEFO',
  token: 48225,
  product: 'NRML',
  quantity: 65,
  buyQuantity: 65,
  sellQuantity: 0,
  buyAveragePrice: 126.25,
  sellAveragePrice: 0,
  multiplier: 1,
}

it('reads a row of the book, whose numbers are texts', () => {
  expect(parsePositionRow(POSITION_ROW)).toEqual(EXPECTED)
})

it('reads the same position from an event, which names it otherwise', () => {
  const { ExchangeInstrumentId, OpenBuyQuantity, OpenSellQuantity, Quantity, ...rest } = POSITION_ROW
  const event = {
    ...rest,
    ExchangeInstrumentID: ExchangeInstrumentId,
    LongPosition: OpenBuyQuantity,
    ShortPosition: OpenSellQuantity,
    NetPosition: Quantity,
  }
  expect(parsePositionRow(event)).toEqual(EXPECTED)
})

it('reads numbers that are numbers, and a short position with commas', () => {
  const row = { ...POSITION_ROW, ExchangeInstrumentId: 48225, Quantity: '-1,040', OpenSellQuantity: 1105 }
  expect(parsePositionRow(row)).toMatchObject({ quantity: -1040, sellQuantity: 1105, token: 48225 })
})

it('takes the average of a side that never traded for 0', () => {
  expect(parsePositionRow({ ...POSITION_ROW, SellAveragePrice: 'NaN' }).sellAveragePrice).toBe(0)
})

it.each([
  [{ Quantity: '' }, 'Quantity is missing'],
  [{ Quantity: 'NaN' }, 'Quantity is missing'],
  [{ Quantity: '6 5' }, 'Quantity is not a number'],
  [{ Quantity: '0.5' }, 'Quantity is not a whole number'],
  [{ OpenBuyQuantity: '-1' }, 'OpenBuyQuantity is negative'],
  [{ OpenSellQuantity: undefined }, 'OpenSellQuantity is missing'],
  [{ Multiplier: '' }, 'Multiplier is missing'],
  [{ Multiplier: '0' }, 'Multiplier is not positive'],
  [{ BuyAveragePrice: 'abc' }, 'BuyAveragePrice is not a number'],
])('does not read a row with %j', (change, problem) => {
  expect(() => parsePositionRow({ ...POSITION_ROW, ...change })).toThrow(Unreadable)
  expect(() => parsePositionRow({ ...POSITION_ROW, ...change })).toThrow(problem)
})

it('leaves a position aside of a product that we do not trade', () => {
  expect(() => parsePositionRow({ ...POSITION_ROW, ProductType: 'MTF' })).toThrow(NotOurs)
})
