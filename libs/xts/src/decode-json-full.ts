import { segmentFromNumber, type Segment } from '@xts-bridge/contracts'
import { fromTickSeconds } from './broker-time'
import { candleFrom } from './candle'
import { isRecord, optionalAmount, parseJson, requiredWhole, type XtsRecord } from './fields'
import { existingLevels, priceOrNone, withoutAbsent } from './levels'
import type { BookLevel, BrokerProfile, MarketUpdate } from './model'
import { NotOurs, quoted, Unreadable } from './unreadable'
import { XTS_MESSAGE } from './wire'

export type TickClock = Pick<BrokerProfile, 'otherSegmentsClock'>

/** A market-data payload as it arrives: a JSON text, or on some builds the object itself. Throws Unreadable. */
export function asMessage(payload: unknown): XtsRecord {
  const message = typeof payload === 'string' ? parseJson(payload) : payload
  if (!isRecord(message)) throw new Unreadable(`the message is not a JSON object: ${quoted(payload)}`)
  return message
}

/**
 * Decodes a `…-json-full` message, or one element of `listQuotes`. Undefined for messages that hold nothing of an
 * instrument's market (1105 bands, 1507 market status). Throws Unreadable, or NotOurs for another segment.
 */
export function decodeJsonFull(payload: unknown, clock: TickClock): MarketUpdate | undefined {
  const message = asMessage(payload)
  switch (requiredWhole(message, 'MessageCode')) {
    case XTS_MESSAGE.touchline:
    case XTS_MESSAGE.depth:
      return decodeTouchlineAndDepth(message, clock)
    case XTS_MESSAGE.lastPrice:
      return decodeLastPrice(message, clock)
    case XTS_MESSAGE.openInterest:
      return withoutAbsent({ ...instrumentOf(message), openInterest: count(message, 'OpenInterest') })
    case XTS_MESSAGE.candle:
      return decodeCandle(message)
    case XTS_MESSAGE.instrumentProperty:
    case XTS_MESSAGE.marketStatus:
      return undefined
    default:
      throw new Unreadable(`MessageCode is not known: ${quoted(message['MessageCode'])}`)
  }
}

/** 1501 comes flat or with a Touchline inside; 1502 has the five levels beside its Touchline. */
function decodeTouchlineAndDepth(message: XtsRecord, clock: TickClock): MarketUpdate {
  const instrument = instrumentOf(message)
  const inner = message['Touchline']
  const touchline = isRecord(inner) ? inner : message
  const { segment, token } = instrument
  const time = (record: XtsRecord, name: string): number | undefined =>
    fromTickSeconds(optionalAmount(record, name), segment, clock.otherSegmentsClock)
  return withoutAbsent({
    segment,
    token,
    sequence: sequenceOf(message),
    lastPrice: price(touchline, 'LastTradedPrice'),
    lastQuantity: count(touchline, 'LastTradedQunatity', 'LastTradedQuantity'),
    lastTradedAtMs: time(touchline, 'LastTradedTime'),
    exchangeAtMs: time(message, 'ExchangeTimeStamp') ?? time(touchline, 'LastUpdateTime'),
    volume: count(touchline, 'TotalTradedQuantity'),
    averagePrice: price(touchline, 'AverageTradedPrice'),
    open: price(touchline, 'Open'),
    high: price(touchline, 'High'),
    low: price(touchline, 'Low'),
    previousClose: price(touchline, 'Close'),
    percentChange: optionalAmount(touchline, 'PercentChange'),
    totalBuyQuantity: count(touchline, 'TotalBuyQuantity'),
    totalSellQuantity: count(touchline, 'TotalSellQuantity'),
    bids: levels(message['Bids'] ?? touchline['BidInfo']),
    asks: levels(message['Asks'] ?? touchline['AskInfo']),
  })
}

function decodeLastPrice(message: XtsRecord, clock: TickClock): MarketUpdate {
  const instrument = instrumentOf(message)
  const updated = optionalAmount(message, 'LastUpdateTime')
  return withoutAbsent({
    ...instrument,
    lastPrice: price(message, 'LastTradedPrice'),
    lastQuantity: count(message, 'LastTradedQunatity', 'LastTradedQuantity'),
    exchangeAtMs: fromTickSeconds(updated, instrument.segment, clock.otherSegmentsClock),
    percentChange: optionalAmount(message, 'PercentChange'),
    previousClose: price(message, 'Close'),
  })
}

/** A finished minute. Its prices and volume are the minute's, not the day's, so they stay by themselves. */
function decodeCandle(message: XtsRecord): MarketUpdate {
  const openInterest = count(message, 'OpenInterest')
  return withoutAbsent({
    ...instrumentOf(message),
    openInterest: openInterest === 0 ? undefined : openInterest,
    candle: candleFrom({
      barSeconds: optionalAmount(message, 'BarTime'),
      open: optionalAmount(message, 'Open'),
      high: optionalAmount(message, 'High'),
      low: optionalAmount(message, 'Low'),
      close: optionalAmount(message, 'Close'),
      volume: count(message, 'BarVolume'),
    }),
  })
}

/** The key of a message. Throws NotOurs for a segment that we do not know. */
export function instrumentOf(message: XtsRecord): { readonly segment: Segment; readonly token: number } {
  const segmentNumber = requiredWhole(message, 'ExchangeSegment')
  const segment = segmentFromNumber(segmentNumber)
  if (segment === undefined) throw new NotOurs(`ExchangeSegment ${segmentNumber}`)
  const token = requiredWhole(message, 'ExchangeInstrumentID')
  if (token <= 0) throw new Unreadable(`ExchangeInstrumentID is not positive: ${token}`)
  return { segment, token }
}

/** 0 and negative ones stand for none. */
function sequenceOf(message: XtsRecord): number | undefined {
  const sequence = optionalAmount(message, 'SequenceNumber')
  return sequence !== undefined && Number.isSafeInteger(sequence) && sequence > 0 ? sequence : undefined
}

function price(record: XtsRecord, name: string): number | undefined {
  return priceOrNone(optionalAmount(record, name))
}

function count(record: XtsRecord, first: string, ...others: readonly string[]): number | undefined {
  const value = optionalAmount(record, first, ...others)
  if (value !== undefined && (value < 0 || !Number.isSafeInteger(value)))
    throw new Unreadable(`${first} is not a count: ${value}`)
  return value
}

/** A list of levels, a single best level, or nothing. */
function levels(value: unknown): readonly BookLevel[] | undefined {
  if (value === undefined || value === null) return undefined
  return existingLevels(Array.isArray(value) ? value.map(level) : [level(value)])
}

function level(row: unknown): BookLevel {
  if (!isRecord(row)) throw new Unreadable('a level of the book is not a record')
  return {
    price: optionalAmount(row, 'Price') ?? 0,
    quantity: count(row, 'Size') ?? 0,
    orders: count(row, 'TotalOrders') ?? 0,
  }
}
