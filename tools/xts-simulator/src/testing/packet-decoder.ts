import { inflateRawSync } from 'node:zlib'

/** Field tables of the broker's documents, offset by offset, without a look at how packets are written. */
type FieldType = 'i8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'f64'
type Table = Readonly<Record<string, readonly [offset: number, type: FieldType]>>

const HEAD: Table = {
  MessageCode: [0, 'u16'],
  MessageVersion: [2, 'u16'],
  ApplicationType: [4, 'u16'],
  TokenID: [6, 'i64'],
  SequenceNumber: [14, 'i64'],
  Extensions: [22, 'i32'],
  ExchangeSegment: [26, 'i16'],
  ExchangeInstrumentID: [28, 'i32'],
  ExchangeTimeStamp: [32, 'i64'],
}

/** Where the touchline of a 1501 or 1502 stands; rows and quantities differ between the generations. */
const TOUCHLINES: Readonly<Record<string, Table>> = {
  '1501 classic': {
    LastUpdateTime: [76, 'i64'], LastTradedPrice: [84, 'f64'], LastTradedQunatity: [92, 'i32'], TotalBuyQuantity: [96, 'u32'],
    TotalSellQuantity: [100, 'u32'], TotalTradedQuantity: [104, 'u32'], AverageTradedPrice: [108, 'f64'], LastTradedTime: [116, 'i64'],
    PercentChange: [124, 'f64'], Open: [132, 'f64'], High: [140, 'f64'], Low: [148, 'f64'], Close: [156, 'f64'],
    TotalValueTraded: [164, 'f64'], BuyBackTotalBuy: [172, 'i16'], BuyBackTotalSell: [174, 'i16'], BookType: [176, 'i16'], XMarketType: [178, 'i16'],
  },
  '1501 wide': {
    LastUpdateTime: [84, 'i64'], LastTradedPrice: [92, 'f64'], LastTradedQunatity: [100, 'i64'], TotalBuyQuantity: [108, 'i64'],
    TotalSellQuantity: [116, 'i64'], TotalTradedQuantity: [124, 'i64'], AverageTradedPrice: [132, 'f64'], LastTradedTime: [140, 'i64'],
    PercentChange: [148, 'f64'], Open: [156, 'f64'], High: [164, 'f64'], Low: [172, 'f64'], Close: [180, 'f64'],
    TotalValueTraded: [188, 'f64'], BuyBackTotalBuy: [196, 'i16'], BuyBackTotalSell: [198, 'i16'], BookType: [200, 'i16'], XMarketType: [202, 'i16'],
  },
  '1502 classic': {
    LastUpdateTime: [264, 'i64'], LastTradedPrice: [272, 'f64'], LastTradedQunatity: [280, 'i32'], TotalBuyQuantity: [284, 'u32'],
    TotalSellQuantity: [288, 'u32'], TotalTradedQuantity: [292, 'u32'], AverageTradedPrice: [296, 'f64'], LastTradedTime: [304, 'i64'],
    PercentChange: [312, 'f64'], Open: [320, 'f64'], High: [328, 'f64'], Low: [336, 'f64'], Close: [344, 'f64'],
    TotalValueTraded: [352, 'f64'], BuyBackTotalBuy: [360, 'i16'], BuyBackTotalSell: [362, 'i16'], BookType: [364, 'i16'], XMarketType: [366, 'i16'],
  },
  '1502 wide': {
    LastUpdateTime: [312, 'i64'], LastTradedPrice: [320, 'f64'], LastTradedQunatity: [328, 'i64'], TotalBuyQuantity: [336, 'i64'],
    TotalSellQuantity: [344, 'i64'], TotalTradedQuantity: [352, 'i64'], AverageTradedPrice: [360, 'f64'], LastTradedTime: [368, 'i64'],
    PercentChange: [376, 'f64'], Open: [384, 'f64'], High: [392, 'f64'], Low: [400, 'f64'], Close: [408, 'f64'],
    TotalValueTraded: [416, 'f64'], BuyBackTotalBuy: [424, 'i16'], BuyBackTotalSell: [426, 'i16'], BookType: [428, 'i16'], XMarketType: [430, 'i16'],
  },
} // prettier-ignore

interface RowPlaces {
  readonly bidInfo: number
  readonly askInfo: number
  readonly bids?: number
  readonly asks?: number
}

const ROW_PLACES: Readonly<Record<string, RowPlaces>> = {
  '1501 classic': { bidInfo: 40, askInfo: 58 },
  '1501 wide': { bidInfo: 40, askInfo: 62 },
  '1502 classic': { bids: 44, asks: 138, bidInfo: 228, askInfo: 246 },
  '1502 wide': { bids: 44, asks: 158, bidInfo: 268, askInfo: 290 },
}

const SIZES: Readonly<Record<string, number>> = {
  '1501 classic': 180, '1501 wide': 204, '1502 classic': 368, '1502 wide': 432,
} // prettier-ignore

export interface DecodedPacket {
  readonly isCompressed: boolean
  readonly header: Record<string, number>
  readonly payload: Buffer
  /** Names as in the JSON messages. */
  readonly fields: Record<string, unknown>
}

/** All packets of a frame. Throws when the frame does not end with a packet, or a size is not one of the documents'. */
export function decodeFrame(frame: Buffer): DecodedPacket[] {
  const packets: DecodedPacket[] = []
  for (let at = 0; at < frame.length;) {
    const isCompressed = frame.readInt8(at) === 1
    const header = {
      messageCode: frame.readUInt16LE(at + 1),
      exchangeSegment: frame.readInt16LE(at + 3),
      exchangeInstrumentID: frame.readInt32LE(at + 5),
      bookType: frame.readInt16LE(at + 9),
      marketType: frame.readInt16LE(at + 11),
      uncompressedSize: frame.readUInt16LE(at + 13),
    }
    const start = at + (isCompressed ? 17 : 15)
    const length = isCompressed ? frame.readUInt16LE(at + 15) : header.uncompressedSize
    if (start + length > frame.length) throw new Error('the frame breaks off')
    const body = frame.subarray(start, start + length)
    const payload = isCompressed ? inflateRawSync(body) : body
    if (payload.length !== header.uncompressedSize) throw new Error(`payload of ${payload.length} bytes`)
    packets.push({ isCompressed, header, payload, fields: decodePayload(payload) })
    at = start + length
  }
  return packets
}

function decodePayload(payload: Buffer): Record<string, unknown> {
  const code = payload.readUInt16LE(0)
  const head = readTable(payload, HEAD)
  if (code === 1510) return { ...head, ...readOpenInterest(payload) }
  const layout = Object.keys(SIZES).find(
    (name) => name.startsWith(String(code)) && SIZES[name] === payload.length,
  )
  const [table, places] = [TOUCHLINES[layout ?? ''], ROW_PLACES[layout ?? '']]
  if (!layout || !table || !places) throw new Error(`no layout of ${code} has ${payload.length} bytes`)
  const row = rowReader(payload, layout.endsWith('wide'))
  const five = (from: number): object[] => [0, 1, 2, 3, 4].map((k) => row(from, k))
  return {
    ...head,
    ...(places.bids === undefined ? {} : { Bids: five(places.bids), bidCount: payload.readInt32LE(40) }),
    ...(places.asks === undefined
      ? {}
      : { Asks: five(places.asks), askCount: payload.readInt32LE(places.asks - 4) }),
    BidInfo: row(places.bidInfo, 0),
    AskInfo: row(places.askInfo, 0),
    ...readTable(payload, table),
  }
}

/** The wide layout is told by its length: two quantities of eight bytes instead of four. */
function readOpenInterest(payload: Buffer): Record<string, unknown> {
  for (const width of [8, 4] as const) {
    const quantity = (at: number): number => read(payload, at, width === 8 ? 'i64' : 'i32')
    const afterInterest = 42 + width
    const hasName = payload.readInt8(afterInterest + 10) === 1
    const nameLength = hasName ? payload.readInt8(afterInterest + 11) : 0
    const nameAt = afterInterest + (hasName ? 12 : 11)
    if (payload.length !== nameAt + nameLength + width) continue
    return {
      XTSMarketType: payload.readInt16LE(40),
      OpenInterest: quantity(42),
      UnderlyingExchangeSegment: payload.readInt16LE(afterInterest),
      UnderlyingInstrumentID: read(payload, afterInterest + 2, 'i64'),
      UnderlyingIDIndexName: payload.toString('utf8', nameAt, nameAt + nameLength),
      UnderlyingTotalOpenInterest: quantity(nameAt + nameLength),
    }
  }
  throw new Error(`no layout of 1510 has ${payload.length} bytes`)
}

function rowReader(payload: Buffer, isWide: boolean): (from: number, k: number) => Record<string, number> {
  const stride = isWide ? 22 : 18
  const priceAt = isWide ? 8 : 4
  return (from, k) => {
    const at = from + k * stride
    return {
      Size: read(payload, at, isWide ? 'i64' : 'i32'),
      Price: read(payload, at + priceAt, 'f64'),
      TotalOrders: read(payload, at + priceAt + 8, 'i32'),
      BuyBackMarketMaker: read(payload, at + priceAt + 12, 'i16'),
    }
  }
}

const readTable = (payload: Buffer, table: Table): Record<string, number> =>
  Object.fromEntries(Object.entries(table).map(([name, [at, type]]) => [name, read(payload, at, type)]))

function read(payload: Buffer, at: number, type: FieldType): number {
  switch (type) {
    case 'i8':
      return payload.readInt8(at)
    case 'i16':
      return payload.readInt16LE(at)
    case 'u16':
      return payload.readUInt16LE(at)
    case 'i32':
      return payload.readInt32LE(at)
    case 'u32':
      return payload.readUInt32LE(at)
    case 'i64':
      return Number(payload.readBigInt64LE(at))
    case 'f64':
      return payload.readDoubleLE(at)
  }
}
