import { deflateRawSync } from 'node:zlib'

/** The numbers a binary touchline carries; a test changes what it is about. */
export interface TouchlineNumbers {
  readonly lastPrice: number
  readonly lastQuantity: number
  readonly totalBuy: number
  readonly totalSell: number
  readonly volume: number
  readonly average: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly percent: number
  readonly lastUpdate: number
  readonly lastTrade: number
}

export type Level = readonly [size: number, price: number, orders: number]

/** Writes little-endian numbers one after the other, as the broker lays its messages out. */
export class ByteWriter {
  private readonly parts: Buffer[] = []

  i8 = (value: number): this => this.put(1, (bytes) => bytes.writeInt8(value))
  u16 = (value: number): this => this.put(2, (bytes) => bytes.writeUInt16LE(value))
  i16 = (value: number): this => this.put(2, (bytes) => bytes.writeInt16LE(value))
  i32 = (value: number): this => this.put(4, (bytes) => bytes.writeInt32LE(value))
  u32 = (value: number): this => this.put(4, (bytes) => bytes.writeUInt32LE(value))
  i64 = (value: number): this => this.put(8, (bytes) => bytes.writeBigInt64LE(BigInt(value)))
  f64 = (value: number): this => this.put(8, (bytes) => bytes.writeDoubleLE(value))
  text = (value: string): this => this.put(value.length, (bytes) => bytes.write(value, 'latin1'))

  done(): Buffer {
    return Buffer.concat(this.parts)
  }

  private put(size: number, write: (bytes: Buffer) => void): this {
    const bytes = Buffer.alloc(size)
    write(bytes)
    this.parts.push(bytes)
    return this
  }
}

export const SEQUENCE = 1_603_894_589_173_184
export const EXCHANGE_SECONDS = 1_454_323_205
export const NUMBERS: TouchlineNumbers = {
  lastPrice: 101.5,
  lastQuantity: 65,
  totalBuy: 250_120,
  totalSell: 198_445,
  volume: 5_120_375,
  average: 104.2,
  open: 106,
  high: 112.3,
  low: 98.05,
  close: 104.75,
  percent: -3.1,
  lastUpdate: EXCHANGE_SECONDS,
  lastTrade: 1_454_323_204,
}

export interface Instrument {
  readonly code: number
  readonly segment: number
  readonly token: number
  readonly version?: number
}

/** The head of a payload; 40 bytes since version 4, 28 before. */
export function head({ code, segment, token, version = 4 }: Instrument): ByteWriter {
  const writer = new ByteWriter().u16(code).u16(version).u16(0).i64(0)
  if (version >= 4) writer.i64(SEQUENCE).i32(0)
  return writer.i16(segment).i32(token).i64(EXCHANGE_SECONDS)
}

export function level(writer: ByteWriter, isWide: boolean, [size, price, orders]: Level): ByteWriter {
  return (isWide ? writer.i64(size) : writer.i32(size)).f64(price).i32(orders).i16(0)
}

export function tail(writer: ByteWriter, isWide: boolean, numbers: TouchlineNumbers): ByteWriter {
  writer.i64(numbers.lastUpdate).f64(numbers.lastPrice)
  if (isWide)
    writer.i64(numbers.lastQuantity).i64(numbers.totalBuy).i64(numbers.totalSell).i64(numbers.volume)
  else writer.i32(numbers.lastQuantity).u32(numbers.totalBuy).u32(numbers.totalSell).u32(numbers.volume)
  writer.f64(numbers.average).i64(numbers.lastTrade).f64(numbers.percent)
  writer.f64(numbers.open).f64(numbers.high).f64(numbers.low).f64(numbers.close).f64(Number.NaN)
  return writer.i16(0).i16(0).i16(1).i16(1)
}

/** A packet around a payload; `deflate` makes it a compressed one. */
export function packet(of: Instrument, payload: Buffer, deflate = false): Buffer {
  const writer = new ByteWriter()
    .i8(deflate ? 1 : 0)
    .u16(of.code)
    .i16(of.segment)
    .i32(of.token)
  writer.i16(1).i16(1).u16(payload.length)
  if (!deflate) return Buffer.concat([writer.done(), payload])
  const body = deflateRawSync(payload)
  return Buffer.concat([writer.u16(body.length).done(), body])
}
