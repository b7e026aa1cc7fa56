import type { MarketUpdate } from '@xts-bridge/xts'
import { quoteFrom, tickPayload } from './tick-payload'
import { RELIANCE, share } from './testing/instruments'

/** The documented 1502 example of the broker, as the decoder hands it over. */
const FULL: MarketUpdate = {
  segment: 'NSECM',
  token: 2885,
  lastPrice: 101.5,
  lastQuantity: 65,
  lastTradedAtMs: 1_769_823_204_000,
  volume: 5_120_375,
  averagePrice: 104.2,
  open: 106,
  high: 112.3,
  low: 98.05,
  previousClose: 104.75,
  percentChange: -3.1,
  totalBuyQuantity: 250_120,
  totalSellQuantity: 198_445,
  openInterest: 1_234_500,
  bids: [
    { price: 101.45, quantity: 130, orders: 2 },
    { price: 101.4, quantity: 65, orders: 1 },
  ],
  asks: [{ price: 101.55, quantity: 65, orders: 1 }],
}
const AT_MS = 1_769_823_205_123
const place = { epoch: 'e1', seq: 7 }
const value = (update: MarketUpdate) => ({ update, receivedAtMs: AT_MS })
/** As it arrives: JSON leaves undefined fields out. */
const asSent = (payload: unknown): unknown => JSON.parse(JSON.stringify(payload))

const LTP = {
  symbol: 'RELIANCE',
  exchange: 'NSE',
  epoch: 'e1',
  seq: 7,
  ltp: 101.5,
  ltt: 1_769_823_204_000,
  ltq: 65,
  timestamp: AT_MS,
}
const QUOTE = {
  ...LTP,
  volume: 5_120_375,
  open: 106,
  high: 112.3,
  low: 98.05,
  close: 104.75,
  last_quantity: 65,
  last_trade_quantity: 65,
  average_price: 104.2,
  avg_trade_price: 104.2,
  total_buy_quantity: 250_120,
  total_sell_quantity: 198_445,
  change: -3.25,
  change_percent: -3.1026,
  bid_price: 101.45,
  bid_size: 130,
  ask_price: 101.55,
  ask_size: 65,
  oi: 1_234_500,
}
const NO_LEVEL = { price: 0, quantity: 0, orders: 0 }

describe('tickPayload', () => {
  it('LTP says the last trade and nothing else', () => {
    expect(asSent(tickPayload(RELIANCE, 'LTP', value(FULL), place))).toEqual({ ...LTP, mode: 1 })
  })

  it('QUOTE says both spellings, the best of the book and the change from the previous close', () => {
    expect(asSent(tickPayload(RELIANCE, 'QUOTE', value(FULL), place))).toEqual({ ...QUOTE, mode: 2 })
  })

  it('DEPTH adds five levels a side, padded with zeros, and the price band', () => {
    const banded = share('RELIANCE', 2885, { bandHigh: 115.2, bandLow: 94.3 })
    expect(asSent(tickPayload(banded, 'DEPTH', value(FULL), place))).toEqual({
      ...QUOTE,
      mode: 3,
      upper_circuit: 115.2,
      lower_circuit: 94.3,
      depth: {
        buy: [
          { price: 101.45, quantity: 130, orders: 2 },
          { price: 101.4, quantity: 65, orders: 1 },
          NO_LEVEL,
          NO_LEVEL,
          NO_LEVEL,
        ],
        sell: [{ price: 101.55, quantity: 65, orders: 1 }, NO_LEVEL, NO_LEVEL, NO_LEVEL, NO_LEVEL],
      },
    })
  })

  it('cuts a book of more than five levels', () => {
    const bids = Array.from({ length: 20 }, (_, index) => ({ price: 100 - index, quantity: 1, orders: 1 }))
    const payload = tickPayload(RELIANCE, 'DEPTH', value({ ...FULL, bids }), place)
    expect(payload?.depth?.buy.map((level) => level.price)).toEqual([100, 99, 98, 97, 96])
  })

  it('leaves out what is not known instead of saying 0', () => {
    const bare = { segment: 'NSECM', token: 2885, lastPrice: 101.5 } as const
    expect(asSent(tickPayload(RELIANCE, 'QUOTE', value(bare), place))).toEqual({
      symbol: 'RELIANCE',
      exchange: 'NSE',
      mode: 2,
      epoch: 'e1',
      seq: 7,
      ltp: 101.5,
      timestamp: AT_MS,
    })
  })

  it('says a change of 0 when the price is the previous close', () => {
    const payload = tickPayload(RELIANCE, 'QUOTE', value({ ...FULL, lastPrice: 104.75 }), place)
    expect([payload?.change, payload?.change_percent]).toEqual([0, 0])
  })

  it('takes the percentage of the broker only where the previous close is not known', () => {
    const payload = tickPayload(RELIANCE, 'QUOTE', value({ ...FULL, previousClose: undefined }), place)
    expect([payload?.close, payload?.change, payload?.change_percent]).toEqual([undefined, undefined, -3.1])
  })

  it('shows a difference of decimals without binary noise', () => {
    const update = { ...FULL, lastPrice: 1289.5, previousClose: 1280.1 }
    expect(tickPayload(RELIANCE, 'QUOTE', value(update), place)?.change).toBe(9.4)
  })

  it.each([
    ['an empty book', []],
    ['a level of zeros', [{ price: 0, quantity: 0, orders: 0 }]],
    ['a price without quantity', [{ price: 100, quantity: 0, orders: 0 }]],
  ])('names no best bid for %s, as indices have it', (_, bids) => {
    const payload = tickPayload(RELIANCE, 'QUOTE', value({ ...FULL, bids }), place)
    expect([payload?.bid_price, payload?.bid_size]).toEqual([undefined, undefined])
  })

  it.each([undefined, 0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'makes no tick from a last price of %p',
    (lastPrice) => {
      expect(tickPayload(RELIANCE, 'LTP', value({ ...FULL, lastPrice }), place)).toBeUndefined()
    },
  )

  it.each(['open', 'high', 'low', 'previousClose', 'averagePrice'] as const)(
    'does not pass on a %s of 0, which is how the broker says that there is none',
    (field) => {
      const text = JSON.stringify(tickPayload(RELIANCE, 'QUOTE', value({ ...FULL, [field]: 0 }), place))
      expect(text).not.toMatch(/:0[,}]/)
    },
  )
})

describe('quoteFrom', () => {
  it('answers market.quotes with the fields that are known', () => {
    expect(asSent(quoteFrom(RELIANCE, value(FULL)))).toEqual({
      exchange: 'NSE',
      symbol: 'RELIANCE',
      ltp: 101.5,
      open: 106,
      high: 112.3,
      low: 98.05,
      prevClose: 104.75,
      volume: 5_120_375,
      bid: 101.45,
      ask: 101.55,
      oi: 1_234_500,
      asOfMs: AT_MS,
    })
  })

  it('is no quote without a last price', () => {
    expect(quoteFrom(RELIANCE, value({ ...FULL, lastPrice: 0 }))).toBeUndefined()
  })
})
