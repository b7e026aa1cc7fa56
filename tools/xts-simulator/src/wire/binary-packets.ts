import type { DepthRow } from '../matching/order-book'
import { ByteWriter } from './binary-writer'
import type { BinaryCode } from './market-codes'
import { DEPTH_ROWS, type MarketFigures, type UnderlyingFigures } from './market-figures'
import { RawDeflate } from './raw-deflate'

/** `classic` has quantities in 32 bits, `wide` in 64. */
export interface PacketStyle {
  readonly generation: 'classic' | 'wide'
  readonly isCompressed: boolean
}

const PLAIN_HEADER_BYTES = 15
const COMPRESSED_HEADER_BYTES = 17
const REGULAR_LOT = 1
const NORMAL_MARKET = 1
const MESSAGE_VERSION = 4

/** One writer for all payloads: they are short, and each is copied out before the next is written. */
const payload = new ByteWriter(512)
const deflate = new RawDeflate()

/**
 * One packet of an `xts-binary-packet` frame: a header of 15 bytes and the payload, or one of 17 bytes and the payload
 * in raw deflate. Little-endian throughout. Packets may stand one behind the other in a frame.
 */
export function encodePacket(
  code: BinaryCode,
  figures: MarketFigures,
  style: PacketStyle,
  underlying?: UnderlyingFigures,
): Buffer {
  payload.clear()
  writePayload(code, figures, style, underlying)
  const plain = payload.bytes()
  return framed(code, figures, plain, style.isCompressed ? deflate.compress(plain) : undefined)
}

function framed(code: BinaryCode, f: MarketFigures, plain: Buffer, deflated: Buffer | undefined): Buffer {
  const headerBytes = deflated ? COMPRESSED_HEADER_BYTES : PLAIN_HEADER_BYTES
  const body = deflated ?? plain
  const packet = Buffer.allocUnsafe(headerBytes + body.length)
  packet.writeInt8(deflated ? 1 : 0, 0)
  packet.writeUInt16LE(code, 1)
  packet.writeInt16LE(f.segment, 3)
  packet.writeInt32LE(f.token, 5)
  packet.writeInt16LE(REGULAR_LOT, 9)
  packet.writeInt16LE(NORMAL_MARKET, 11)
  packet.writeUInt16LE(plain.length, 13)
  if (deflated) packet.writeUInt16LE(body.length, 15)
  body.copy(packet, headerBytes)
  return packet
}

function writePayload(
  code: BinaryCode,
  f: MarketFigures,
  style: PacketStyle,
  underlying: UnderlyingFigures | undefined,
): void {
  const isWide = style.generation === 'wide'
  writeHead(code, f)
  switch (code) {
    case 1501:
      writeTouchline(f, isWide)
      return
    case 1502:
      writeSide(f.bids, isWide)
      writeSide(f.asks, isWide)
      writeTouchline(f, isWide)
      return
    case 1510:
      writeOpenInterest(f, isWide, underlying)
  }
}

/** 40 bytes, the same in both generations. */
function writeHead(code: BinaryCode, f: MarketFigures): void {
  payload.u16(code)
  payload.u16(MESSAGE_VERSION)
  payload.u16(0) // ApplicationType
  payload.u64(0) // TokenID
  payload.u64(f.sequence)
  payload.i32(0) // no extensions
  payload.i16(f.segment)
  payload.i32(f.token)
  payload.u64(f.exchangeTime)
}

function writeSide(depth: readonly DepthRow[], isWide: boolean): void {
  payload.i32(DEPTH_ROWS)
  for (let level = 0; level < DEPTH_ROWS; level++) writeRow(depth[level], isWide)
}

function writeRow(depth: DepthRow | undefined, isWide: boolean): void {
  quantity(depth?.quantity ?? 0, isWide)
  payload.f64(depth?.price ?? 0)
  payload.i32(depth?.orders ?? 0)
  payload.i16(0) // BuyBackMarketMaker
}

function writeTouchline(f: MarketFigures, isWide: boolean): void {
  writeRow(f.bids[0], isWide)
  writeRow(f.asks[0], isWide)
  payload.u64(f.updateTime)
  payload.f64(f.lastPrice)
  quantity(f.lastQuantity, isWide)
  quantity(f.totalBuy, isWide)
  quantity(f.totalSell, isWide)
  quantity(f.volume, isWide)
  payload.f64(f.averagePrice)
  payload.u64(f.lastTradedTime)
  payload.f64(f.percentChange)
  payload.f64(f.open)
  payload.f64(f.high)
  payload.f64(f.low)
  payload.f64(f.close)
  payload.f64(Number.NaN) // TotalValueTraded is null in JSON
  payload.i16(0) // BuyBackTotalBuy
  payload.i16(0) // BuyBackTotalSell
  payload.i16(REGULAR_LOT)
  payload.i16(NORMAL_MARKET)
}

function writeOpenInterest(
  f: MarketFigures,
  isWide: boolean,
  underlying: UnderlyingFigures | undefined,
): void {
  payload.i16(NORMAL_MARKET)
  quantity(f.openInterest, isWide)
  payload.i16(underlying?.segment ?? 0)
  payload.i64(underlying?.token ?? 0)
  payload.i8(underlying ? 1 : 0)
  if (underlying) payload.shortText(underlying.name)
  quantity(underlying?.totalOpenInterest ?? 0, isWide)
}

function quantity(units: number, isWide: boolean): void {
  if (isWide) payload.u64(units)
  else payload.u32(Math.min(units, 0xffff_ffff))
}
