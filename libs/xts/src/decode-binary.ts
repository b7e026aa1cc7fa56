import { segmentFromNumber, type Segment } from '@xts-bridge/contracts'
import { depthLayout, rowBytes, touchlineLayout, type TouchlineLayout } from './binary-layout'
import type { BinaryPacket } from './binary-packets'
import { fromTickSeconds } from './broker-time'
import type { TickClock } from './decode-json-full'
import { existingLevels, priceOrNone, withoutAbsent } from './levels'
import type { BookLevel, MarketUpdate } from './model'
import { NotOurs, Unreadable } from './unreadable'
import { XTS_MESSAGE } from './wire'

interface Head {
  readonly segment: Segment
  readonly token: number
  readonly sequence: number | undefined
  readonly exchangeSeconds: number
  /** Bytes, after which the message's own fields begin. */
  readonly length: number
}

const HEAD_BYTES = { beforeVersion4: 28, sinceVersion4: 40 } as const
/** Prices and sizes beyond these come from bytes that mean something else. */
const HIGHEST_PRICE = 1e9
const LOWEST_PRICE = 1e-4

/**
 * Decodes one binary packet: 1501, 1502 and 1510, in the generation its length tells. Other codes have no layout that
 * anyone published, so they are refused with their length rather than guessed. Throws Unreadable, or NotOurs.
 */
export function decodeBinaryPacket(packet: BinaryPacket, clock: TickClock): MarketUpdate {
  const { code, payload } = packet
  if (payload.length < HEAD_BYTES.beforeVersion4)
    throw new Unreadable(`a ${code} payload of ${payload.length} bytes has no head`)
  const inner = payload.readUInt16LE(0)
  if (inner !== code)
    throw new Unreadable(`a packet says ${code} and its payload of ${payload.length} bytes ${inner}`)
  switch (code) {
    case XTS_MESSAGE.touchline:
      return decodeTouchline(packet, clock)
    case XTS_MESSAGE.depth:
      return decodeDepth(packet, clock)
    case XTS_MESSAGE.openInterest:
      return decodeOpenInterest(packet, clock)
    default:
      throw new Unreadable(`a binary ${code} payload of ${payload.length} bytes has no known layout`)
  }
}

function decodeTouchline(packet: BinaryPacket, clock: TickClock): MarketUpdate {
  const head = readHead(packet)
  const layout = touchlineLayout(packet.payload.length, head.length)
  const bids = existingLevels([readLevel(packet.payload, layout.bestBidAt, layout)])
  const asks = existingLevels([readLevel(packet.payload, layout.bestAskAt, layout)])
  return withTouchline(packet.payload, { head, layout, clock }, { bids, asks })
}

function decodeDepth(packet: BinaryPacket, clock: TickClock): MarketUpdate {
  const head = readHead(packet)
  const { touchline: layout, bids, asks } = depthLayout(packet.payload, head.length)
  const side = (levels: { at: number; count: number }): readonly BookLevel[] =>
    Array.from({ length: levels.count }, (_, index) =>
      readLevel(packet.payload, levels.at + index * rowBytes(layout.generation), layout),
    )
  const book = { bids: side(bids), asks: side(asks) }
  requireSameBest(book.bids[0], readLevel(packet.payload, layout.bestBidAt, layout))
  requireSameBest(book.asks[0], readLevel(packet.payload, layout.bestAskAt, layout))
  return withTouchline(
    packet.payload,
    { head, layout, clock },
    { bids: existingLevels(book.bids), asks: existingLevels(book.asks) },
  )
}

/** Both generations keep market type first and open interest second; the length tells how wide the latter is. */
function decodeOpenInterest(packet: BinaryPacket, clock: TickClock): MarketUpdate {
  const { payload } = packet
  const head = readHead(packet)
  const isWide = openInterestWidth(payload, head.length) === 8
  const openInterest = isWide
    ? wideCount(payload, head.length + 2)
    : count(payload.readInt32LE(head.length + 2))
  return withoutAbsent({
    segment: head.segment,
    token: head.token,
    sequence: head.sequence,
    exchangeAtMs: fromTickSeconds(head.exchangeSeconds, head.segment, clock.otherSegmentsClock),
    openInterest,
  })
}

/** Market type (2), open interest, underlying segment (2) and id (8), a flag, a name if there is one, the underlying's interest. */
function openInterestWidth(payload: Buffer, headBytes: number): 4 | 8 {
  const matching = ([8, 4] as const).filter((width) => {
    const flagAt = headBytes + 2 + width + 2 + 8
    if (flagAt >= payload.length) return false
    const flag = payload[flagAt]
    if (flag !== 0 && flag !== 1) return false
    const nameBytes = flag === 1 ? 1 + (payload[flagAt + 1] ?? 0) : 0
    return payload.length === flagAt + 1 + nameBytes + width
  })
  const [width] = matching
  if (width === undefined || matching.length > 1)
    throw new Unreadable(`a 1510 payload of ${payload.length} bytes has no known layout`)
  return width
}

interface Context {
  readonly head: Head
  readonly layout: TouchlineLayout
  readonly clock: TickClock
}

function withTouchline(
  payload: Buffer,
  { head, layout, clock }: Context,
  book: { readonly bids: readonly BookLevel[]; readonly asks: readonly BookLevel[] },
): MarketUpdate {
  const at = layout.tailAt
  const isWide = layout.generation === 'wide'
  const price = (offset: number): number | undefined => priceOrNone(sanePrice(payload.readDoubleLE(offset)))
  const total = (index: number): number => {
    if (isWide) return wideCount(payload, at + 16 + index * 8)
    const offset = at + 16 + index * 4
    return index === 0 ? count(payload.readInt32LE(offset)) : payload.readUInt32LE(offset)
  }
  const after = at + (isWide ? 48 : 32)
  const time = (seconds: number): number | undefined =>
    fromTickSeconds(seconds, head.segment, clock.otherSegmentsClock)
  const update = {
    segment: head.segment,
    token: head.token,
    sequence: head.sequence,
    lastPrice: price(at + 8),
    lastQuantity: total(0),
    lastTradedAtMs: time(wide(payload, after + 8)),
    exchangeAtMs: time(head.exchangeSeconds) ?? time(wide(payload, at)),
    volume: total(3),
    averagePrice: price(after),
    open: price(after + 24),
    high: price(after + 32),
    low: price(after + 40),
    previousClose: price(after + 48),
    percentChange: percent(payload.readDoubleLE(after + 16)),
    totalBuyQuantity: total(1),
    totalSellQuantity: total(2),
    ...book,
  }
  requireInsideRange(update)
  return withoutAbsent(update)
}

function readHead({ payload, segmentNumber, token }: BinaryPacket): Head {
  const isVersion4 = payload.readUInt16LE(2) >= 4
  const length = isVersion4 ? HEAD_BYTES.sinceVersion4 : HEAD_BYTES.beforeVersion4
  if (payload.length < length) throw new Unreadable(`a payload of ${payload.length} bytes has no head`)
  const at = length - 14
  const innerSegment = payload.readInt16LE(at)
  const innerToken = payload.readInt32LE(at + 2)
  if (innerSegment !== segmentNumber || innerToken !== token)
    throw new Unreadable(
      `a packet for ${segmentNumber}_${token} has a payload for ${innerSegment}_${innerToken}`,
    )
  const segment = segmentFromNumber(innerSegment)
  if (segment === undefined) throw new NotOurs(`ExchangeSegment ${innerSegment}`)
  if (token <= 0) throw new Unreadable(`a packet has no instrument: ${token}`)
  const sequence = isVersion4 ? wide(payload, 14) : 0
  return {
    segment,
    token,
    sequence: sequence > 0 ? sequence : undefined,
    exchangeSeconds: wide(payload, at + 6),
    length,
  }
}

function readLevel(payload: Buffer, at: number, { generation }: TouchlineLayout): BookLevel {
  const quantity = generation === 'wide' ? wideCount(payload, at) : count(payload.readInt32LE(at))
  const afterSize = at + (generation === 'wide' ? 8 : 4)
  return {
    quantity,
    price: sanePrice(payload.readDoubleLE(afterSize)) ?? 0,
    orders: count(payload.readInt32LE(afterSize + 8)),
  }
}

/** A 64-bit number that a JavaScript number can hold. */
function wide(payload: Buffer, at: number): number {
  const value = payload.readUInt32LE(at) + payload.readInt32LE(at + 4) * 4_294_967_296
  if (!Number.isSafeInteger(value)) throw new Unreadable(`a number at byte ${at} is beyond 2^53`)
  return value
}

const wideCount = (payload: Buffer, at: number): number => count(wide(payload, at))

function count(value: number): number {
  if (value < 0) throw new Unreadable(`a count is negative: ${value}`)
  return value
}

/** NaN stands for none. Spreads trade below zero. */
function sanePrice(value: number): number | undefined {
  if (Number.isNaN(value)) return undefined
  const size = Math.abs(value)
  if (size > HIGHEST_PRICE || (size < LOWEST_PRICE && size > 0))
    throw new Unreadable(`${value} is no price; the layout must be another`)
  return value
}

function percent(value: number): number | undefined {
  if (Number.isNaN(value)) return undefined
  if (!Number.isFinite(value) || Math.abs(value) > HIGHEST_PRICE)
    throw new Unreadable(`${value} is no percent change; the layout must be another`)
  return value
}

function requireSameBest(first: BookLevel | undefined, best: BookLevel): void {
  if (first !== undefined && first.price !== best.price)
    throw new Unreadable(`the best price is ${best.price} and the first level ${first.price}`)
}

/** What the documents promise of every tick; other numbers mean another layout. */
function requireInsideRange({ lastPrice, low, high }: Partial<MarketUpdate>): void {
  if (lastPrice === undefined || low === undefined || high === undefined) return
  if (lastPrice < low || lastPrice > high)
    throw new Unreadable(`the last price ${lastPrice} is outside ${low} to ${high}`)
}
