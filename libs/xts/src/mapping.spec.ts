import { PRICE_TYPES, PRODUCTS, SEGMENTS, SIDES, VALIDITIES } from '@xts-bridge/contracts'
import {
  fromXtsOrderStatus,
  fromXtsOrderType,
  fromXtsProduct,
  fromXtsSegmentName,
  fromXtsSide,
  fromXtsValidity,
  toXtsOrderType,
  toXtsProduct,
  toXtsSide,
  toXtsValidity,
} from './mapping'
import { NotOurs, Unreadable } from './unreadable'

it('brings every word of ours back from the broker’s', () => {
  expect(PRICE_TYPES.map((type) => fromXtsOrderType(toXtsOrderType(type)))).toEqual(PRICE_TYPES)
  expect(SIDES.map((side) => fromXtsSide(toXtsSide(side)))).toEqual(SIDES)
  expect(PRODUCTS.map((product) => fromXtsProduct(toXtsProduct(product)))).toEqual(PRODUCTS)
  expect(VALIDITIES.map((validity) => fromXtsValidity(toXtsValidity(validity)))).toEqual(VALIDITIES)
  expect(Object.keys(SEGMENTS).map(fromXtsSegmentName)).toEqual(Object.keys(SEGMENTS))
})

it('sends the spellings that the broker validates', () => {
  expect(PRICE_TYPES.map(toXtsOrderType)).toEqual(['MARKET', 'LIMIT', 'STOPLIMIT', 'STOPMARKET'])
  expect(SIDES.map(toXtsSide)).toEqual(['BUY', 'SELL'])
})

it('reads the spellings of books and events alike', () => {
  expect(['Market', 'Limit', 'StopLimit', 'StopMarket'].map(fromXtsOrderType)).toEqual(PRICE_TYPES)
  expect(['Buy', 'Sell', 'BUY', 'SELL'].map(fromXtsSide)).toEqual(['BUY', 'SELL', 'BUY', 'SELL'])
})

it.each(['', 'MKT', 'SL', 'OCO', 'Limit '])('never guesses an order type from %j', (text) => {
  expect(() => fromXtsOrderType(text)).toThrow(Unreadable)
})

it.each(['', 'B', 'Short', '49'])('never guesses a side from %j', (text) => {
  expect(() => fromXtsSide(text)).toThrow(Unreadable)
})

it.each(['CO', 'BO', 'MTF', '', 'INTRADAY'])('says that product %j is not ours', (text) => {
  expect(() => fromXtsProduct(text)).toThrow(NotOurs)
})

it.each(['GTC', 'GTD', 'EOS', 'None', ''])('says that validity %j is not ours', (text) => {
  expect(() => fromXtsValidity(text)).toThrow(NotOurs)
})

it.each(['NCDEX', 'NSECO', 'nsecm', '2', ''])('says that segment %j is not ours', (text) => {
  expect(() => fromXtsSegmentName(text)).toThrow(NotOurs)
})

it.each([
  ['PendingNew', 0, 'accepted'],
  ['PendingNew', 65, 'partially-filled'],
  ['New', 0, 'open'],
  ['New', 65, 'partially-filled'],
  ['Open', 0, 'open'],
  ['PartiallyFilled', 65, 'partially-filled'],
  ['Replaced', 0, 'open'],
  ['Replaced', 65, 'partially-filled'],
  ['PendingReplace', 0, 'open'],
  ['PendingReplace', 65, 'partially-filled'],
  ['PendingCancel', 0, 'open'],
  ['PendingCancel', 65, 'partially-filled'],
  ['Filled', 130, 'filled'],
  ['Cancelled', 0, 'cancelled'],
  ['Cancelled', 65, 'cancelled'],
  ['Expired', 0, 'cancelled'],
  ['Rejected', 0, 'rejected'],
] as const)('reads %s with %d filled as %s', (status, filled, state) => {
  expect(fromXtsOrderStatus(status, filled)).toBe(state)
})

it.each(['', 'filled', 'FILLED', 'Trigger Pending', 'Complete', 'toString'])(
  'never guesses a state from %j',
  (status) => {
    expect(() => fromXtsOrderStatus(status, 0)).toThrow(Unreadable)
  },
)
