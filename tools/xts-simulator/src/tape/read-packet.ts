import { inflateRawSync } from 'node:zlib'

/** What a binary packet says, under the names of the JSON messages. */
export interface ReadPacket {
  readonly code: number
  readonly fields: Readonly<Record<string, unknown>>
}

const PLAIN_HEADER_BYTES = 15
const COMPRESSED_HEADER_BYTES = 17
const HEAD_BYTES = 40
/** A head, and the open interest behind it. */
const SHORTEST_PAYLOAD_BYTES = HEAD_BYTES + 6
const LEVELS = 5
/** Bytes of a depth row with sizes in 32 bits and in 64. */
const CLASSIC_ROW_BYTES = 18
const WIDE_ROW_BYTES = 22
/** Of a touchline behind its two rows. */
const CLASSIC_FIGURES_BYTES = 104
const WIDE_FIGURES_BYTES = 120
const CODES = { touchline: 1501, depth: 1502, openInterest: 1510 } as const

/** Reads the first packet of a frame; undefined when it is of another code, another layout, or none at all. */
export function readPacket(frame: Buffer): ReadPacket | undefined {
  const payload = payloadOf(frame)
  if (!payload || payload.length < SHORTEST_PAYLOAD_BYTES) return undefined
  const code = payload.readUInt16LE(0)
  const body = bodyOf(code, payload)
  return body && { code, fields: { ...headOf(code, payload), ...body } }
}

function payloadOf(frame: Buffer): Buffer | undefined {
  if (frame.length < COMPRESSED_HEADER_BYTES) return undefined
  const isCompressed = frame.readInt8(0) === 1
  if (isCompressed) return inflated(frame.subarray(COMPRESSED_HEADER_BYTES, COMPRESSED_HEADER_BYTES + frame.readUInt16LE(15))) // prettier-ignore
  const end = PLAIN_HEADER_BYTES + frame.readUInt16LE(13)
  return frame.length < end ? undefined : frame.subarray(PLAIN_HEADER_BYTES, end)
}

function inflated(deflated: Buffer): Buffer | undefined {
  try {
    return inflateRawSync(deflated)
  } catch (error) {
    // A recording holds somebody's bytes, and nobody promised that they are a packet.
    if (String((error as { code?: unknown }).code).startsWith('Z_')) return undefined
    throw error
  }
}

function headOf(code: number, payload: Buffer): Record<string, unknown> {
  return {
    MessageCode: code,
    ExchangeSegment: payload.readInt16LE(26),
    ExchangeInstrumentID: payload.readInt32LE(28),
    ExchangeTimeStamp: whole(payload, 32),
  }
}

function bodyOf(code: number, payload: Buffer): Record<string, unknown> | undefined {
  if (code === CODES.openInterest) return { OpenInterest: payload.readInt32LE(HEAD_BYTES + 2) }
  const isWide = layoutOf(code, payload.length)
  if (isWide === undefined) return undefined
  const rowBytes = isWide ? WIDE_ROW_BYTES : CLASSIC_ROW_BYTES
  const rowsAt = (from: number, count: number) =>
    Array.from({ length: count }, (_, level) => rowAt(payload, from + level * rowBytes, isWide))
  const touchlineAt = code === CODES.touchline ? HEAD_BYTES : HEAD_BYTES + 2 * (4 + LEVELS * rowBytes)
  const [BidInfo, AskInfo] = rowsAt(touchlineAt, 2)
  const Touchline = { BidInfo, AskInfo, ...figuresAt(payload, touchlineAt + 2 * rowBytes, isWide) }
  const ends = { BookType: payload.readInt16LE(payload.length - 4), XMarketType: payload.readInt16LE(payload.length - 2) } // prettier-ignore
  if (code === CODES.touchline) return { Touchline, ...ends }
  const Bids = rowsAt(HEAD_BYTES + 4, LEVELS)
  const Asks = rowsAt(HEAD_BYTES + 8 + LEVELS * rowBytes, LEVELS)
  return { Bids, Asks, Touchline, ...ends }
}

/** True for sizes in 64 bits; the length tells, and no other length is known. */
function layoutOf(code: number, bytes: number): boolean | undefined {
  const rows = code === CODES.touchline ? 2 : code === CODES.depth ? 2 + 2 * LEVELS : 0
  if (rows === 0) return undefined
  const counts = code === CODES.depth ? 8 : 0
  if (bytes === HEAD_BYTES + counts + rows * WIDE_ROW_BYTES + WIDE_FIGURES_BYTES) return true
  if (bytes === HEAD_BYTES + counts + rows * CLASSIC_ROW_BYTES + CLASSIC_FIGURES_BYTES) return false
  return undefined
}

function rowAt(payload: Buffer, at: number, isWide: boolean): Record<string, number> {
  const price = at + (isWide ? 8 : 4)
  return {
    Size: isWide ? whole(payload, at) : payload.readInt32LE(at),
    Price: payload.readDoubleLE(price),
    TotalOrders: payload.readInt32LE(price + 8),
    BuyBackMarketMaker: payload.readInt16LE(price + 12),
  }
}

function figuresAt(payload: Buffer, from: number, isWide: boolean): Record<string, number | null> {
  let at = from
  const time = (): number => whole(payload, (at += 8) - 8)
  const price = (): number => payload.readDoubleLE((at += 8) - 8)
  const quantity = (): number => (isWide ? time() : payload.readUInt32LE((at += 4) - 4))
  const LastUpdateTime = time()
  const LastTradedPrice = price()
  const [LastTradedQunatity, TotalBuyQuantity, TotalSellQuantity, TotalTradedQuantity] = [quantity(), quantity(), quantity(), quantity()] // prettier-ignore
  const AverageTradedPrice = price()
  const LastTradedTime = time()
  const [PercentChange, Open, High, Low, Close] = [price(), price(), price(), price(), price()]
  const volumes = { LastTradedQunatity, TotalBuyQuantity, TotalSellQuantity, TotalTradedQuantity }
  const times = { LastTradedTime, LastUpdateTime }
  return { LastTradedPrice, ...volumes, AverageTradedPrice, ...times, PercentChange, Open, High, Low, Close, TotalValueTraded: null } // prettier-ignore
}

const whole = (payload: Buffer, at: number): number => Number(payload.readBigInt64LE(at))
