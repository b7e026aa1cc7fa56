import fc from 'fast-check'
import { decodeFrame } from '../testing/packet-decoder'
import { SAMPLE_FIGURES } from '../testing/sample-figures'
import { encodePacket, type PacketStyle } from './binary-packets'
import { BINARY_CODES } from './market-codes'
import type { MarketFigures } from './market-figures'
import { fullText } from './market-payloads'

const WIDE: PacketStyle = { generation: 'wide', isCompressed: false }
const CLASSIC: PacketStyle = { generation: 'classic', isCompressed: false }
const UNDERLYING = { token: 2885, segment: 1, name: 'RELIANCE', totalOpenInterest: 9_000_000_000 }

/** Hand-worked from the layout tables, field by field; every price is a power of two or a half, so that its bytes can be written down. */
const ROUND: MarketFigures = {
  ...SAMPLE_FIGURES,
  ...{ segment: 1, token: 2885, exchangeTime: 0x1122_3344, sequence: 0x5_0000_0001 },
  ...{ bids: [{ quantity: 0x55, price: 1, orders: 2 }], asks: [{ quantity: 0x66, price: 2, orders: 3 }] },
  ...{ lastPrice: 1.5, lastQuantity: 7, totalBuy: 0x100, totalSell: 0x200, volume: 0x1_0000, averagePrice: 4 },
  ...{ lastTradedTime: 0x1122_3343, updateTime: 0x1122_3344, percentChange: -2, open: 8, high: 16, low: 0.5, close: 32 },
} // prettier-ignore

const HEAD_1501 = [
  'dd05', '0400', '0000', '0000000000000000', '0100000005000000', '00000000', '0100', '450b0000', '4433221100000000',
].join('') // prettier-ignore
const f64 = { one: '000000000000f03f', two: '0000000000000040', oneAndHalf: '000000000000f83f', four: '0000000000001040', minusTwo: '00000000000000c0', eight: '0000000000002040', sixteen: '0000000000003040', half: '000000000000e03f', thirtyTwo: '0000000000004040', none: '000000000000f87f' } // prettier-ignore
const TAIL_PRICES = [f64.minusTwo, f64.eight, f64.sixteen, f64.half, f64.thirtyTwo, f64.none, '0000', '0000', '0100', '0100'].join('') // prettier-ignore

const GOLDEN_CLASSIC = [
  // header: plain, 1501, segment, token, book, market, 180 bytes
  '00', 'dd05', '0100', '450b0000', '0100', '0100', 'b400',
  HEAD_1501,
  '55000000', f64.one, '02000000', '0000', // BidInfo
  '66000000', f64.two, '03000000', '0000', // AskInfo
  '4433221100000000', f64.oneAndHalf, '07000000', '00010000', '00020000', '00000100', f64.four, '4333221100000000',
  TAIL_PRICES,
].join('') // prettier-ignore

const GOLDEN_WIDE = [
  '00', 'dd05', '0100', '450b0000', '0100', '0100', 'cc00',
  HEAD_1501,
  '5500000000000000', f64.one, '02000000', '0000',
  '6600000000000000', f64.two, '03000000', '0000',
  '4433221100000000', f64.oneAndHalf, '0700000000000000', '0001000000000000', '0002000000000000', '0000010000000000', f64.four, '4333221100000000',
  TAIL_PRICES,
].join('') // prettier-ignore

describe('binary packets', () => {
  it('writes a classic touchline byte by byte', () => {
    expect(encodePacket(1501, ROUND, CLASSIC).toString('hex')).toBe(GOLDEN_CLASSIC)
  })

  it('writes a wide touchline byte by byte', () => {
    expect(encodePacket(1501, ROUND, WIDE).toString('hex')).toBe(GOLDEN_WIDE)
  })

  it('writes a compressed packet with both sizes and the same payload in raw deflate', () => {
    const packet = encodePacket(1501, ROUND, { ...WIDE, isCompressed: true })
    const [decoded, ...others] = decodeFrame(packet)
    expect(packet.subarray(0, 15).toString('hex')).toBe(`01${GOLDEN_WIDE.slice(2, 30)}`)
    expect(packet.readUInt16LE(15)).toBe(packet.length - 17)
    expect(decoded?.payload.toString('hex')).toBe(GOLDEN_WIDE.slice(30))
    expect(packet.length).toBeLessThan(204)
    expect(others).toEqual([])
  })

  it('writes open interest in both generations, with the name of the underlying or without', () => {
    const head = 'e605' + HEAD_1501.slice(4)
    const name = Buffer.from('RELIANCE').toString('hex')
    const payload = (style: PacketStyle, underlying?: typeof UNDERLYING): string =>
      encodePacket(1510, { ...ROUND, openInterest: 650 }, style, underlying)
        .toString('hex')
        .slice(30)
    expect(payload(CLASSIC)).toBe(`${head}01008a020000` + '0000' + '0000000000000000' + '00' + '00000000')
    expect(payload(WIDE, { ...UNDERLYING, totalOpenInterest: 9000 })).toBe(
      `${head}01008a02000000000000` + '0100' + '450b000000000000' + '01' + '08' + name + '2823000000000000',
    )
  })

  it.each(
    BINARY_CODES.flatMap((code) =>
      (['classic', 'wide'] as const).flatMap((generation) =>
        [false, true].map((isCompressed) => ({ code, generation, isCompressed })),
      ),
    ),
  )('says in $code ($generation, compressed $isCompressed) what the JSON message says', ({ code, ...style }) => {
    const [packet] = decodeFrame(encodePacket(code, SAMPLE_FIGURES, style, { ...UNDERLYING, totalOpenInterest: 7 }))
    const json = JSON.parse(
      fullText(code, SAMPLE_FIGURES, { touchline: 'nested', fields: 'recent' }, { ...UNDERLYING, totalOpenInterest: 7 }),
    ) as Record<string, unknown>
    const { Touchline, ...rest } = json
    const expected = { ...rest, ...(Touchline as object | undefined), ...(code === 1510 ? {} : { TotalValueTraded: NaN }) }
    expect(packet?.fields).toMatchObject(expected)
    expect(packet?.header).toMatchObject({ messageCode: code, exchangeSegment: 2, exchangeInstrumentID: 48_225, bookType: 1, marketType: 1 })
    expect(packet?.isCompressed).toBe(style.isCompressed)
  }) // prettier-ignore

  it('pads a thin book with empty rows and still counts five', () => {
    const [packet] = decodeFrame(encodePacket(1502, { ...SAMPLE_FIGURES, bids: [], asks: [] }, WIDE))
    const empty = { Size: 0, Price: 0, TotalOrders: 0, BuyBackMarketMaker: 0 }
    expect(packet?.fields).toMatchObject({
      bidCount: 5,
      askCount: 5,
      Bids: Array(5).fill(empty),
      BidInfo: empty,
    })
  })

  it('does not wrap a quantity that the classic layout cannot hold', () => {
    const [packet] = decodeFrame(encodePacket(1501, { ...SAMPLE_FIGURES, volume: 2 ** 40 }, CLASSIC))
    expect(packet?.fields['TotalTradedQuantity']).toBe(4_294_967_295)
    const [wide] = decodeFrame(encodePacket(1501, { ...SAMPLE_FIGURES, volume: 2 ** 40 }, WIDE))
    expect(wide?.fields['TotalTradedQuantity']).toBe(2 ** 40)
  })

  it('stands packet behind packet in one frame', () => {
    const packets = BINARY_CODES.map((code, at) =>
      encodePacket(code, SAMPLE_FIGURES, { generation: 'wide', isCompressed: at === 1 }),
    )
    expect(decodeFrame(Buffer.concat(packets)).map((packet) => packet.header['messageCode'])).toEqual([
      1501, 1502, 1510,
    ])
  })

  it('keeps any figures through encoding and decoding', () => {
    const quantity = fc.nat({ max: 4_294_967_295 })
    const price = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    const figures = fc.record({ lastPrice: price, volume: quantity, totalBuy: quantity, close: price, token: fc.nat(), sequence: fc.maxSafeNat() })
    fc.assert(
      fc.property(figures, fc.constantFrom('classic', 'wide'), fc.boolean(), (some, generation, isCompressed) => {
        const [packet] = decodeFrame(encodePacket(1501, { ...SAMPLE_FIGURES, ...some }, { generation, isCompressed }))
        expect(packet?.fields).toMatchObject({
          LastTradedPrice: some.lastPrice, TotalTradedQuantity: some.volume, TotalBuyQuantity: some.totalBuy,
          Close: some.close, ExchangeInstrumentID: some.token, SequenceNumber: some.sequence,
        })
      }),
    )
  }) // prettier-ignore
})
