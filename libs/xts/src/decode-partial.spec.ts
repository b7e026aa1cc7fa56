import fc from 'fast-check'
import { decodePartial } from './decode-partial'
import { NotOurs, Unreadable } from './unreadable'

const CLOCK = { otherSegmentsClock: 'ist' } as const
const decode = (code: number, payload: unknown): ReturnType<typeof decodePartial> =>
  decodePartial(code, payload, CLOCK)

/** captured: the reference's real 1501 of 2022. */
const CAPTURED =
  't:2_53734,bi:0|100|35147.65|2,ai:0|25|35152|1,ltp:35152.9,ltq:25,tb:148825,ts:152675,v:1364025,ap:35168.98,' +
  'ltt:1341747669,lut:1341747669,pc:0.4891114808271757,o:35150,h:35300,l:35100,c:34981.8,bt:1,mt:1'
const AT_MS = Date.parse('2022-07-08T11:41:09+05:30')
const EXPECTED = {
  segment: 'NSEFO',
  token: 53734,
  lastPrice: 35152.9,
  lastQuantity: 25,
  lastTradedAtMs: AT_MS,
  exchangeAtMs: AT_MS,
  volume: 1364025,
  averagePrice: 35168.98,
  open: 35150,
  high: 35300,
  low: 35100,
  previousClose: 34981.8,
  percentChange: 0.4891114808271757,
  totalBuyQuantity: 148825,
  totalSellQuantity: 152675,
  bids: [{ price: 35147.65, quantity: 100, orders: 2 }],
  asks: [{ price: 35152, quantity: 25, orders: 1 }],
}

it('reads a touchline', () => {
  expect(decode(1501, CAPTURED)).toEqual(EXPECTED)
})

it('reads it in any order of its keys', () => {
  expect(decode(1501, CAPTURED.split(',').reverse().join(','))).toEqual(EXPECTED)
})

it('says nothing of what the message does not carry', () => {
  expect(decode(1501, 't:1_2885,ltp:2570.8')).toEqual({ segment: 'NSECM', token: 2885, lastPrice: 2570.8 })
})

it('reads an index, whose book is empty', () => {
  expect(decode(1501, 't:1_26000,bi:0|0|0|0,ai:0|0|0|0,ltp:16187.6,ltq:0,v:0')).toEqual({
    segment: 'NSECM',
    token: 26000,
    lastPrice: 16187.6,
    lastQuantity: 0,
    volume: 0,
    bids: [],
    asks: [],
  })
})

it('reads a last price', () => {
  expect(decode(1512, 't:1_2885,ltp:2570.8,ltq:25,lut:1341747669,bt:1,mt:1')).toEqual({
    segment: 'NSECM',
    token: 2885,
    lastPrice: 2570.8,
    lastQuantity: 25,
    exchangeAtMs: AT_MS,
  })
})

it('reads o as open interest in 1510, where a tick has the open there', () => {
  expect(decode(1510, 't:2_48225,o:169260')).toEqual({ segment: 'NSEFO', token: 48225, openInterest: 169260 })
})

it('keeps the prices of a finished minute by themselves', () => {
  expect(decode(1505, 't:2_48225,o:1,h:2,l:1,c:2,bt:1736164979,bv:10,pv:15,oi:12')).toEqual({
    segment: 'NSEFO',
    token: 48225,
    openInterest: 12,
    candle: { endsAtMs: (1736164979 - 19_800) * 1_000, open: 1, high: 2, low: 1, close: 2, volume: 10 },
  })
})

it('takes a book of five groups, and none from a message with single levels of it', () => {
  const five = '0|130|101.45|2|1|65|101.4|1|2|650|101.35|4|3|195|101.3|2|4|65|101.25|1'
  expect(decode(1502, `t:2_48225,bi:${five}`)?.bids).toHaveLength(5)
  expect(decode(1502, 't:2_48225,bi:2|650|101.35|4')).not.toHaveProperty('bids')
  expect(decode(1502, 't:2_48225,ai:0|650|101.55|4')).not.toHaveProperty('asks')
})

it('never takes the price bands of 1105 for prices', () => {
  expect(decode(1105, 't:12_1140025,110:2067.75,111:516.95')).toBeUndefined()
  expect(decode(1105, 't:0_0')).toBeUndefined()
})

it.each([
  ['an object', {}],
  ['nothing', undefined],
  ['an empty text', ''],
  ['no pairs', 'hello'],
  ['a pair without a key', 't:1_2885,:5'],
  ['a pair cut off', 't:1_2885,ltp'],
  ['no instrument', 'ltp:5'],
  ['the instrument 0_x', 't:0_x,ltp:5'],
  ['an instrument without a token', 't:1_,ltp:5'],
  ['an instrument with the token 0', 't:1_0,ltp:5'],
  ['an index by name', 't:1_NIFTY 50,ltp:5'],
  ['a price that is none', 't:1_2885,ltp:high'],
  ['a price cut off', 't:1_2885,ltp:2570.8.1'],
  ['a negative volume', 't:1_2885,v:-1'],
  ['half a lot', 't:1_2885,ltq:0.5'],
  ['a group cut off', 't:1_2885,bi:0|100|5'],
  ['a group with a word in it', 't:1_2885,bi:0|100|x|2'],
  ['a group with a gap in it', 't:1_2885,bi:0||5|2'],
])('does not read %s', (_what, payload) => {
  expect(() => decode(1501, payload)).toThrow(Unreadable)
})

it('does not read a code that it does not know', () => {
  expect(() => decode(1504, 't:1_2885,ltp:5')).toThrow('message code is not known: 1504')
  expect(() => decode(Number.NaN, CAPTURED)).toThrow(Unreadable)
})

it('leaves another segment aside', () => {
  expect(() => decode(1501, 't:21_5,ltp:5')).toThrow(NotOurs)
  expect(() => decode(1501, 't:0_0')).toThrow(/segment 0|token/)
})

it('throws nothing but Unreadable and NotOurs, whatever arrives', () => {
  const pair = fc
    .tuple(fc.constantFrom('t', 'bi', 'ltp', 'v', 'o', 'x'), fc.string())
    .map((parts) => parts.join(':'))
  const payloads = fc.oneof(
    fc.string(),
    fc.array(pair).map((pairs) => ['t:2_48225', ...pairs].join(',')),
  )
  fc.assert(
    fc.property(payloads, fc.constantFrom(1105, 1501, 1502, 1505, 1510, 1512, 9999), (payload, code) => {
      try {
        decode(code, payload)
      } catch (error) {
        expect(error instanceof Unreadable || error instanceof NotOurs).toBe(true)
      }
    }),
  )
})
