import fc from 'fast-check'
import { decodeJsonFull } from './decode-json-full'
import { NotOurs, Unreadable } from './unreadable'

const CLOCK = { otherSegmentsClock: 'ist' } as const
const level = (Price: number, Size: number, TotalOrders = 1): object => ({
  Size,
  Price,
  TotalOrders,
  BuyBackMarketMaker: 0,
})
/** documented: the reference's worked 1980 time. */
const SECONDS = 1341747669
const AT_MS = Date.parse('2022-07-08T11:41:09+05:30')

const TOUCHLINE = {
  BidInfo: level(101.45, 130, 2),
  AskInfo: level(101.55, 65),
  LastTradedPrice: 101.5,
  LastTradedQunatity: 65,
  TotalBuyQuantity: 250120,
  TotalSellQuantity: 198445,
  TotalTradedQuantity: 5120375,
  AverageTradedPrice: 104.2,
  LastTradedTime: SECONDS,
  LastUpdateTime: SECONDS,
  PercentChange: -3.1,
  Open: 106,
  High: 112.3,
  Low: 98.05,
  Close: 104.75,
  TotalValueTraded: null,
}
const KEY = { ExchangeSegment: 2, ExchangeInstrumentID: 48225 }
const FIELDS = {
  segment: 'NSEFO',
  token: 48225,
  lastPrice: 101.5,
  lastQuantity: 65,
  lastTradedAtMs: AT_MS,
  exchangeAtMs: AT_MS,
  volume: 5120375,
  averagePrice: 104.2,
  open: 106,
  high: 112.3,
  low: 98.05,
  previousClose: 104.75,
  percentChange: -3.1,
  totalBuyQuantity: 250120,
  totalSellQuantity: 198445,
}
const BEST = {
  bids: [{ price: 101.45, quantity: 130, orders: 2 }],
  asks: [{ price: 101.55, quantity: 65, orders: 1 }],
}
const FLAT = { MessageCode: 1501, ...KEY, ...TOUCHLINE }

const decode = (message: unknown): ReturnType<typeof decodeJsonFull> =>
  decodeJsonFull(JSON.stringify(message), CLOCK)

it('reads a flat touchline', () => {
  expect(decode(FLAT)).toEqual({ ...FIELDS, ...BEST })
})

it('reads a nested touchline to the same, and an object as well as its text', () => {
  const nested = { MessageCode: 1501, ...KEY, ExchangeTimeStamp: SECONDS, Touchline: TOUCHLINE }
  expect(decode(nested)).toEqual({ ...FIELDS, ...BEST })
  expect(decodeJsonFull(nested, CLOCK)).toEqual({ ...FIELDS, ...BEST })
})

it('reads depth with its five levels, without those that only fill up', () => {
  const message = {
    MessageCode: 1502,
    ...KEY,
    ExchangeTimeStamp: SECONDS,
    Bids: [level(101.45, 130, 2), level(101.4, 65), level(0, 0, 0), level(0, 0, 0), level(0, 0, 0)],
    Asks: [level(0, 0, 0), level(0, 0, 0), level(0, 0, 0), level(0, 0, 0), level(0, 0, 0)],
    Touchline: TOUCHLINE,
  }
  expect(decode(message)).toEqual({
    ...FIELDS,
    bids: [
      { price: 101.45, quantity: 130, orders: 2 },
      { price: 101.4, quantity: 65, orders: 1 },
    ],
    asks: [],
  })
})

it('reads last price and open interest, with only the fields that they carry', () => {
  expect(
    decode({
      MessageCode: 1512,
      ...KEY,
      LastTradedPrice: 101.5,
      LastTradedQunatity: 65,
      LastUpdateTime: SECONDS,
    }),
  ).toEqual({ segment: 'NSEFO', token: 48225, lastPrice: 101.5, lastQuantity: 65, exchangeAtMs: AT_MS })
  expect(decode({ MessageCode: 1510, ...KEY, OpenInterest: 169260, UnderlyingTotalOpenInterest: 7 })).toEqual(
    {
      segment: 'NSEFO',
      token: 48225,
      openInterest: 169260,
    },
  )
})

it('keeps the prices of a finished minute by themselves: they are the minute’s, not the day’s', () => {
  const bar = {
    MessageCode: 1505,
    ...KEY,
    BarTime: 1736164979,
    BarVolume: 5,
    Open: 1,
    High: 2,
    Low: 1,
    Close: 2,
  }
  const candle = { endsAtMs: (1736164979 - 19_800) * 1_000, open: 1, high: 2, low: 1, close: 2, volume: 5 }
  const key = { segment: 'NSEFO', token: 48225 }
  expect(decode({ ...bar, OpenInterest: 12 })).toEqual({ ...key, openInterest: 12, candle })
  expect(decode({ ...bar, OpenInterest: 0 })).toEqual({ ...key, candle })
  expect(decode({ ...bar, BarTime: 0, OpenInterest: 0 })).toEqual(key)
})

it('knows no price where the broker sends 0 for none, and no time either', () => {
  const unborn = decode({
    ...FLAT,
    LastTradedPrice: 0,
    Open: 0,
    High: 0,
    Low: 0,
    LastTradedTime: 0,
    LastUpdateTime: 0,
  })
  for (const field of ['lastPrice', 'open', 'high', 'low', 'lastTradedAtMs', 'exchangeAtMs'])
    expect(unborn).not.toHaveProperty(field)
  expect(unborn).toMatchObject({ previousClose: 104.75 })
})

it('reads the time of other segments from 1970', () => {
  const message = { ...FLAT, ExchangeSegment: 12, LastUpdateTime: Date.parse('2026-02-04T12:00:00Z') / 1_000 }
  expect(decode(message)?.exchangeAtMs).toBe(Date.parse('2026-02-04T12:00:00+05:30'))
})

it('keeps four decimals', () => {
  expect(decode({ ...FLAT, ExchangeSegment: 3, LastTradedPrice: 82.5325 })?.lastPrice).toBe(82.5325)
})

it.each([1105, 1507])('makes nothing of message %d', (code) => {
  expect(decode({ MessageCode: code, ExchangeSegment: 1, ExchangeInstrumentID: 0 })).toBeUndefined()
})

it.each([
  ['no JSON', 'MessageCode:1501'],
  ['half of it', JSON.stringify(FLAT).slice(0, 90)],
  ['an empty text', ''],
  ['a list', [FLAT]],
  ['null', null],
  ['a number', 1501],
])('does not read %s', (_what, payload) => {
  expect(() => decodeJsonFull(payload, CLOCK)).toThrow(Unreadable)
})

it.each([
  [{ MessageCode: 1599 }, 'MessageCode is not known'],
  [{ MessageCode: undefined }, 'MessageCode is missing'],
  [{ ExchangeSegment: undefined }, 'ExchangeSegment is missing'],
  [{ ExchangeInstrumentID: 0 }, 'ExchangeInstrumentID is not positive'],
  [{ ExchangeInstrumentID: 'NIFTY' }, 'ExchangeInstrumentID is not a number'],
  [{ LastTradedPrice: 'high' }, 'LastTradedPrice is not a number'],
  [{ LastTradedPrice: {} }, 'LastTradedPrice is not a number'],
  [{ TotalTradedQuantity: -1 }, 'TotalTradedQuantity is not a count'],
  [{ LastTradedQunatity: 1.5 }, 'LastTradedQunatity is not a count'],
  [{ TotalBuyQuantity: 1e300 }, 'TotalBuyQuantity is not a count'],
  [{ BidInfo: 'none' }, 'a level of the book is not a record'],
  [{ AskInfo: { Size: -5, Price: 1 } }, 'Size is not a count'],
])('does not read a touchline with %j', (change, problem) => {
  expect(() => decode({ ...FLAT, ...change })).toThrow(Unreadable)
  expect(() => decode({ ...FLAT, ...change })).toThrow(problem)
})

it('leaves another segment aside', () => {
  expect(() => decode({ ...FLAT, ExchangeSegment: 21 })).toThrow(NotOurs)
})

it('throws nothing but Unreadable and NotOurs, whatever arrives', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.json(), fc.string(), fc.jsonValue()),
      fc.constantFrom(1501, 1502, 1510, 1512),
      (value, code) => {
        for (const payload of [value, { MessageCode: code, ...KEY, Touchline: value, Bids: value }]) {
          try {
            decodeJsonFull(payload, CLOCK)
          } catch (error) {
            expect(error instanceof Unreadable || error instanceof NotOurs).toBe(true)
          }
        }
      },
    ),
  )
})
