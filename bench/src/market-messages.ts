import { deflateRawSync } from 'node:zlib'

/** One made-up market-data message in every form the broker has. */
export interface MarketMessage {
  readonly code: 1501 | 1502
  readonly json: string
  readonly partial: string
  readonly plain: Buffer
  readonly deflated: Buffer
}

const SECONDS = 1_479_620_000
const LEVELS = 5

/** A message of `code` for the token; every number depends on `index`, so that no two are alike. */
export function marketMessage(code: 1501 | 1502, token: number, index: number): MarketMessage {
  const tick = numbersOf(index)
  const payload = code === 1501 ? touchlinePayload(token, tick) : depthPayload(token, tick)
  return {
    code,
    json: JSON.stringify(code === 1501 ? touchlineJson(token, tick) : depthJson(token, tick)),
    partial: partialText(code, token, tick),
    plain: packet(code, token, payload, false),
    deflated: packet(code, token, payload, true),
  }
}

interface Tick {
  readonly last: number
  readonly quantity: number
  readonly volume: number
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
}
interface Level {
  readonly size: number
  readonly price: number
  readonly orders: number
}

function numbersOf(index: number): Tick {
  const last = Math.round((1400 + (index % 997) * 0.05) * 100) / 100
  const side = (sign: number): Level[] =>
    Array.from({ length: LEVELS }, (_, level) => ({
      size: 65 * (1 + ((index + level) % 40)),
      price: Math.round((last + sign * 0.05 * (level + 1)) * 100) / 100,
      orders: 1 + ((index + level) % 9),
    }))
  return {
    last,
    quantity: 65 * (1 + (index % 7)),
    volume: 1_000_000 + index * 65,
    bids: side(-1),
    asks: side(1),
  }
}

const best = (levels: readonly Level[]): Level => levels[0] ?? { size: 0, price: 0, orders: 0 }
const row = ({ size, price, orders }: Level): object => ({
  Size: size,
  Price: price,
  TotalOrders: orders,
  BuyBackMarketMaker: 0,
})

function touchline(tick: Tick): object {
  return {
    BidInfo: row(best(tick.bids)),
    AskInfo: row(best(tick.asks)),
    LastTradedPrice: tick.last,
    LastTradedQunatity: tick.quantity,
    TotalBuyQuantity: 250_120,
    TotalSellQuantity: 198_445,
    TotalTradedQuantity: tick.volume,
    AverageTradedPrice: 1425.21,
    LastTradedTime: SECONDS,
    LastUpdateTime: SECONDS,
    PercentChange: 0.62,
    Open: 1400.5,
    High: 1500,
    Low: 1390,
    Close: 1401.25,
    TotalValueTraded: null,
    BuyBackTotalBuy: 0,
    BuyBackTotalSell: 0,
  }
}

const header = (code: number, token: number): object => ({
  MessageCode: code,
  MessageVersion: 4,
  ApplicationType: 0,
  TokenID: 0,
  ExchangeSegment: 2,
  ExchangeInstrumentID: token,
  ExchangeTimeStamp: SECONDS,
})
const footer = { BookType: 1, XMarketType: 1, SequenceNumber: 1_603_894_589_173_184 }
const touchlineJson = (token: number, tick: Tick): object => ({
  ...header(1501, token),
  Touchline: touchline(tick),
  ...footer,
})
const depthJson = (token: number, tick: Tick): object => ({
  ...header(1502, token),
  Bids: tick.bids.map(row),
  Asks: tick.asks.map(row),
  Touchline: touchline(tick),
  ...footer,
})

function partialText(code: 1501 | 1502, token: number, tick: Tick): string {
  const count = code === 1501 ? 1 : LEVELS
  const groups = (levels: readonly Level[]): string =>
    levels
      .slice(0, count)
      .map(({ size, price, orders }, level) => `${level}|${size}|${price}|${orders}`)
      .join('|')
  return (
    `t:2_${token},bi:${groups(tick.bids)},ai:${groups(tick.asks)},ltp:${tick.last},ltq:${tick.quantity},tb:250120,ts:198445,` +
    `v:${tick.volume},ap:1425.21,ltt:${SECONDS},lut:${SECONDS},pc:0.62,o:1400.5,h:1500,l:1390,c:1401.25,bt:1,mt:1`
  )
}

/** Writes little-endian numbers one after the other. */
class Bytes {
  private readonly bytes = Buffer.alloc(1024)
  private at = 0

  u16(value: number): this {
    this.at = this.bytes.writeUInt16LE(value, this.at)
    return this
  }
  i32(value: number): this {
    this.at = this.bytes.writeInt32LE(value, this.at)
    return this
  }
  i64(value: number): this {
    this.at = this.bytes.writeBigInt64LE(BigInt(value), this.at)
    return this
  }
  f64(...values: readonly number[]): this {
    for (const value of values) this.at = this.bytes.writeDoubleLE(value, this.at)
    return this
  }
  level({ size, price, orders }: Level): this {
    return this.i64(size).f64(price).i32(orders).u16(0)
  }
  done(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.at))
  }
}

const head = (code: number, token: number): Bytes =>
  new Bytes().u16(code).u16(4).u16(0).i64(0).i64(1_603_894_589_173_184).i32(0).u16(2).i32(token).i64(SECONDS)

const tail = (bytes: Bytes, tick: Tick): Buffer =>
  bytes
    .level(best(tick.bids))
    .level(best(tick.asks))
    .i64(SECONDS)
    .f64(tick.last)
    .i64(tick.quantity)
    .i64(250_120)
    .i64(198_445)
    .i64(tick.volume)
    .f64(1425.21)
    .i64(SECONDS)
    .f64(0.62, 1400.5, 1500, 1390, 1401.25, Number.NaN)
    .u16(0)
    .u16(0)
    .u16(1)
    .u16(1)
    .done()

const touchlinePayload = (token: number, tick: Tick): Buffer => tail(head(1501, token), tick)

function depthPayload(token: number, tick: Tick): Buffer {
  const bytes = head(1502, token).i32(LEVELS)
  for (const level of tick.bids) bytes.level(level)
  bytes.i32(LEVELS)
  for (const level of tick.asks) bytes.level(level)
  return tail(bytes, tick)
}

function packet(code: number, token: number, payload: Buffer, isDeflated: boolean): Buffer {
  const frame = Buffer.alloc(isDeflated ? 17 : 15)
  frame.writeInt8(isDeflated ? 1 : 0, 0)
  frame.writeUInt16LE(code, 1)
  frame.writeInt16LE(2, 3)
  frame.writeInt32LE(token, 5)
  frame.writeInt16LE(1, 9)
  frame.writeInt16LE(1, 11)
  frame.writeUInt16LE(payload.length, 13)
  const body = isDeflated ? deflateRawSync(payload) : payload
  if (isDeflated) frame.writeUInt16LE(body.length, 15)
  return Buffer.concat([frame, body])
}
