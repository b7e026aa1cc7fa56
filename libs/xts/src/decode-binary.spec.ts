import fc from 'fast-check'
import { asBytes, readBinaryPackets } from './binary-packets'
import { decodeBinaryPacket } from './decode-binary'
import type { MarketUpdate } from './model'
import { head, level, NUMBERS, packet, SEQUENCE, tail, type Level } from './testing/binary'
import { NotOurs, Unreadable } from './unreadable'

const CLOCK = { otherSegmentsClock: 'ist' } as const
const NIFTY_PUT = { segment: 2, token: 48_225 }
const TOUCHLINE = { ...NIFTY_PUT, code: 1501 }
const DEPTH = { ...NIFTY_PUT, code: 1502 }
const INTEREST = { ...NIFTY_PUT, code: 1510 }
const BID: Level = [130, 101.45, 2]
const ASK: Level = [65, 101.55, 1]
const AT_MS = (1_454_323_205 + 315_532_800 - 19_800) * 1_000
const EXPECTED = {
  segment: 'NSEFO',
  token: 48_225,
  sequence: SEQUENCE,
  lastPrice: 101.5,
  lastQuantity: 65,
  lastTradedAtMs: AT_MS - 1_000,
  exchangeAtMs: AT_MS,
  volume: 5_120_375,
  averagePrice: 104.2,
  open: 106,
  high: 112.3,
  low: 98.05,
  previousClose: 104.75,
  percentChange: -3.1,
  totalBuyQuantity: 250_120,
  totalSellQuantity: 198_445,
}

const decodeAll = (frame: Buffer): MarketUpdate[] =>
  [...readBinaryPackets(frame)].map((each) => decodeBinaryPacket(each, CLOCK))
const decode = (frame: Buffer): MarketUpdate | undefined => decodeAll(frame)[0]

interface Wanted {
  readonly isWide: boolean
  readonly numbers?: Partial<typeof NUMBERS>
  readonly version?: number
}

function touchline({ isWide, numbers, version = 4 }: Wanted): Buffer {
  const writer = head({ ...TOUCHLINE, version })
  level(level(writer, isWide, BID), isWide, ASK)
  return tail(writer, isWide, { ...NUMBERS, ...numbers }).done()
}

const side = (best: Level, step: number, count: number): Level[] =>
  Array.from({ length: count }, (_, index) => [best[0] + index, best[1] + index * step, best[2]])

function depth(isWide: boolean, counts: readonly [number, number] = [5, 5], best: Level = BID): Buffer {
  const writer = head(DEPTH)
  const [bids, asks] = [side(BID, -0.05, counts[0]), side(ASK, 0.05, counts[1])]
  writer.i32(bids.length)
  for (const row of bids) level(writer, isWide, row)
  writer.i32(asks.length)
  for (const row of asks) level(writer, isWide, row)
  level(level(writer, isWide, best), isWide, ASK)
  return tail(writer, isWide, NUMBERS).done()
}

function interest(isWide: boolean, name = ''): Buffer {
  const writer = head(INTEREST).i16(1)
  if (isWide) writer.i64(1_234_500)
  else writer.i32(1_234_500)
  writer.i16(1).i64(26_000)
  if (name === '') writer.i8(0)
  else writer.i8(1).i8(name.length).text(name)
  return (isWide ? writer.i64(9_000) : writer.i32(9_000)).done()
}

describe.each([
  ['wide', true, { touchline: 204, depth: 432 }],
  ['classic', false, { touchline: 180, depth: 368 }],
])('a binary message of the %s generation', (_name, isWide, lengths) => {
  it('has the documented lengths', () => {
    expect([touchline({ isWide }).length, depth(isWide).length]).toEqual([lengths.touchline, lengths.depth])
  })

  it.each([false, true])('is read as touchline (deflated: %s)', (isDeflated) => {
    expect(decode(packet(TOUCHLINE, touchline({ isWide }), isDeflated))).toEqual({
      ...EXPECTED,
      bids: [{ quantity: 130, price: 101.45, orders: 2 }],
      asks: [{ quantity: 65, price: 101.55, orders: 1 }],
    })
  })

  it.each([false, true])('is read as depth (deflated: %s)', (isDeflated) => {
    const update = decode(packet(DEPTH, depth(isWide), isDeflated))
    expect(update).toMatchObject(EXPECTED)
    expect(update?.bids?.map((row) => row.quantity)).toEqual([130, 131, 132, 133, 134])
    expect(update?.asks?.map((row) => row.price)).toEqual([101.55, 101.6, 101.65, 101.7, 101.75].map(near))
  })

  it('is read as depth with another number of levels', () => {
    const update = decode(packet(DEPTH, depth(isWide, [3, 20])))
    expect([update?.bids?.length, update?.asks?.length]).toEqual([3, 20])
  })

  it.each(['', 'NIFTY 50'])('is read as open interest (underlying named "%s")', (name) => {
    expect(decode(packet(INTEREST, interest(isWide, name)))).toEqual({
      segment: 'NSEFO',
      token: 48_225,
      sequence: SEQUENCE,
      exchangeAtMs: AT_MS,
      openInterest: 1_234_500,
    })
  })

  it('is read from before version 4, where no sequence number is', () => {
    const payload = touchline({ isWide, version: 3 })
    expect(decode(packet(TOUCHLINE, payload))).toMatchObject({ token: 48_225, lastPrice: 101.5 })
    expect(decode(packet(TOUCHLINE, payload))).not.toHaveProperty('sequence')
  })

  it('gives no price where nothing traded', () => {
    const quiet = { lastPrice: 0, open: 0, high: 0, low: 0, average: Number.NaN, lastTrade: 0 }
    const update = decode(packet(TOUCHLINE, touchline({ isWide, numbers: quiet })))
    for (const field of ['lastPrice', 'open', 'high', 'low', 'averagePrice', 'lastTradedAtMs'])
      expect(update).not.toHaveProperty(field)
  })

  it('is refused when its last price is outside its range', () => {
    const numbers = { lastPrice: 200 }
    expect(() => decode(packet(TOUCHLINE, touchline({ isWide, numbers })))).toThrow(
      /last price 200 is outside/,
    )
  })

  it('is refused when its first level is not its best', () => {
    expect(() => decode(packet(DEPTH, depth(isWide, [5, 5], [130, 99, 2])))).toThrow(/best price is 99/)
  })
})

const near = (value: number): unknown => expect.closeTo(value, 8)

describe('a binary frame', () => {
  const first = packet(TOUCHLINE, touchline({ isWide: true }))
  const second = packet(INTEREST, interest(true), true)

  it('may hold several packets of both kinds', () => {
    expect(decodeAll(Buffer.concat([first, second, first])).map((update) => update.openInterest)).toEqual([
      undefined,
      1_234_500,
      undefined,
    ])
  })

  it('may still carry the byte that Engine.IO puts before it', () => {
    expect(decodeAll(Buffer.concat([Buffer.of(4), first, second]))).toHaveLength(2)
  })

  it('gives what lies before a packet that is cut off', () => {
    const packets = readBinaryPackets(Buffer.concat([first, second.subarray(0, 20)]))
    expect(packets.next().value).toMatchObject({ code: 1501 })
    expect(() => packets.next()).toThrow(/cut off/)
  })

  it.each([
    ['nothing', Buffer.alloc(0), /empty/],
    ['the Engine.IO byte alone', Buffer.of(4), /empty/],
    ['another flag', Buffer.concat([Buffer.of(7), first.subarray(1)]), /begins with 7/],
    ['half a header', first.subarray(0, 9), /cut off/],
    ['half a payload', first.subarray(0, 100), /cut off/],
    ['a deflated packet that is none', corrupted(second), /does not inflate|inflates to/],
  ])('of %s is refused', (_what, frame, why) => {
    expect(() => decodeAll(frame)).toThrow(why)
  })

  it('is taken as bytes of any kind, and nothing else is', () => {
    const bytes = Uint8Array.from(first)
    expect(asBytes(bytes).equals(first)).toBe(true)
    expect(asBytes(bytes.buffer).equals(first)).toBe(true)
    for (const other of ['text', 5, undefined, {}, []]) expect(() => asBytes(other)).toThrow(Unreadable)
  })
})

/** Flips bits in the deflated body. */
function corrupted(frame: Buffer): Buffer {
  const copy = Buffer.from(frame)
  for (let at = 20; at < copy.length; at += 1) copy[at] = (copy[at] ?? 0) ^ 0xff
  return copy
}

describe('a layout that is not known', () => {
  it.each([
    ['a touchline that is one byte longer', TOUCHLINE, Buffer.concat([touchline({ isWide: true }), Buffer.of(0)])],
    ['a touchline between the generations', TOUCHLINE, Buffer.concat([touchline({ isWide: false }), Buffer.alloc(8)])],
    ['depth that is cut', DEPTH, depth(true).subarray(0, 430)],
    ['open interest that is longer', INTEREST, Buffer.concat([interest(true), Buffer.alloc(3)])],
    ['a candle, whose layout nobody published', { ...NIFTY_PUT, code: 1505 }, head({ ...NIFTY_PUT, code: 1505 }).i64(1).done()],
    ['an unheard-of code', { ...NIFTY_PUT, code: 9999 }, head({ ...NIFTY_PUT, code: 9999 }).done()],
    ['a payload without a head', TOUCHLINE, Buffer.alloc(10)],
  ])('%s is refused with its length', (_what, of, payload) => {
    expect(() => decode(packet(of, payload))).toThrow(new RegExp(`\\b${payload.length} bytes`))
  }) // prettier-ignore

  it('is refused when head and packet speak of different instruments or codes', () => {
    const payload = touchline({ isWide: true })
    expect(() => decode(packet({ ...TOUCHLINE, token: 5 }, payload))).toThrow(/payload for 2_48225/)
    expect(() => decode(packet({ ...TOUCHLINE, code: 1502 }, payload))).toThrow(/says 1502 and its payload/)
  })

  it('is refused for numbers that cannot be a market', () => {
    const wrong = (numbers: Partial<typeof NUMBERS>): Buffer =>
      packet(TOUCHLINE, touchline({ isWide: true, numbers }))
    expect(() => decode(wrong({ average: 1e300 }))).toThrow(/no price/)
    expect(() => decode(wrong({ average: 5e-310 }))).toThrow(/no price/)
    expect(() => decode(wrong({ volume: -1 }))).toThrow(/negative/)
    expect(() => decode(wrong({ percent: Number.POSITIVE_INFINITY }))).toThrow(/percent/)
  })

  it('leaves another segment aside', () => {
    const of = { code: 1501, segment: 21, token: 5 }
    const writer = level(level(head(of), true, BID), true, ASK)
    expect(() => decode(packet(of, tail(writer, true, NUMBERS).done()))).toThrow(NotOurs)
  })
})

it('throws nothing but Unreadable and NotOurs, whatever arrives', () => {
  const sound = packet(DEPTH, depth(true), true)
  const frames = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc.tuple(fc.nat(sound.length - 1), fc.nat(255)).map(([at, value]) => {
      const copy = Buffer.from(sound)
      copy[at] = value
      return copy
    }),
  )
  fc.assert(
    fc.property(frames, (frame) => {
      try {
        decodeAll(Buffer.from(frame))
      } catch (error) {
        expect(error instanceof Unreadable || error instanceof NotOurs).toBe(true)
      }
    }),
  )
})
