import { segmentFromNumber, type Segment } from '@xts-bridge/contracts'
import { fromTickSeconds } from './broker-time'
import { candleFrom } from './candle'
import type { TickClock } from './decode-json-full'
import { existingLevels, priceOrNone, withoutAbsent } from './levels'
import type { BookLevel, MarketUpdate } from './model'
import { parseAmount } from './numbers'
import { NotOurs, quoted, Unreadable } from './unreadable'
import { XTS_MESSAGE } from './wire'

export type Keys = ReadonlyMap<string, string>
interface Instrument {
  readonly segment: Segment
  readonly token: number
}

/** How many levels a depth message lists when it lists them all. */
const FULL_DEPTH = 5

/**
 * Decodes a `…-json-partial` message: `t:<segment>_<token>` and `key:value` pairs in any order. A key that is absent says
 * nothing, so the result is merged field by field into what is known; it never replaces it. Undefined for 1105, whose
 * numbers are price bands and never prices (`decodePriceBand` reads them), and for 1507. Throws Unreadable, or NotOurs for another segment.
 */
export function decodePartial(code: number, payload: unknown, clock: TickClock): MarketUpdate | undefined {
  switch (code) {
    case XTS_MESSAGE.touchline:
    case XTS_MESSAGE.depth:
    case XTS_MESSAGE.lastPrice:
      return decodeTick(code, readKeys(payload), clock)
    case XTS_MESSAGE.openInterest:
      return decodeOpenInterest(readKeys(payload))
    case XTS_MESSAGE.candle:
      return decodeCandle(readKeys(payload))
    case XTS_MESSAGE.instrumentProperty:
    case XTS_MESSAGE.marketStatus:
      return undefined
    default:
      throw new Unreadable(`message code is not known: ${code}`)
  }
}

function decodeTick(code: number, keys: Keys, clock: TickClock): MarketUpdate {
  const instrument = instrumentOf(keys)
  const time = (key: string): number | undefined =>
    fromTickSeconds(amount(keys, key), instrument.segment, clock.otherSegmentsClock)
  const levelsWanted = code === XTS_MESSAGE.depth ? FULL_DEPTH : 1
  return withoutAbsent({
    ...instrument,
    lastPrice: priceOrNone(amount(keys, 'ltp')),
    lastQuantity: count(keys, 'ltq'),
    lastTradedAtMs: time('ltt'),
    exchangeAtMs: time('lut'),
    volume: count(keys, 'v'),
    averagePrice: priceOrNone(amount(keys, 'ap')),
    open: priceOrNone(amount(keys, 'o')),
    high: priceOrNone(amount(keys, 'h')),
    low: priceOrNone(amount(keys, 'l')),
    previousClose: priceOrNone(amount(keys, 'c')),
    percentChange: amount(keys, 'pc'),
    totalBuyQuantity: count(keys, 'tb'),
    totalSellQuantity: count(keys, 'ts'),
    bids: levels(keys.get('bi'), levelsWanted),
    asks: levels(keys.get('ai'), levelsWanted),
  })
}

/** Open interest has key `o` in 1510, where a tick has the day's open. */
function decodeOpenInterest(keys: Keys): MarketUpdate {
  return withoutAbsent({ ...instrumentOf(keys), openInterest: count(keys, 'o') })
}

/** A finished minute; `bt` is its time here, where a tick has its book type. Its prices are the minute's, not the day's. */
function decodeCandle(keys: Keys): MarketUpdate {
  const openInterest = count(keys, 'oi')
  return withoutAbsent({
    ...instrumentOf(keys),
    openInterest: openInterest === 0 ? undefined : openInterest,
    candle: candleFrom({
      barSeconds: amount(keys, 'bt'),
      open: amount(keys, 'o'),
      high: amount(keys, 'h'),
      low: amount(keys, 'l'),
      close: amount(keys, 'c'),
      volume: count(keys, 'bv'),
    }),
  })
}

/** The pairs of a partial message. Throws Unreadable. */
export function readKeys(payload: unknown): Keys {
  if (typeof payload !== 'string') throw new Unreadable(`the message is not text: ${quoted(payload)}`)
  return new Map(
    payload.split(',').map((pair) => {
      const colon = pair.indexOf(':')
      if (colon <= 0) throw new Unreadable(`a pair has no key: ${quoted(pair)}`)
      return [pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()]
    }),
  )
}

export function instrumentOf(keys: Keys): Instrument {
  const match = /^(\d+)_(\d+)$/.exec(keys.get('t') ?? '')
  if (!match) throw new Unreadable(`t is not an instrument: ${quoted(keys.get('t'))}`)
  const segment = segmentFromNumber(Number(match[1]))
  if (segment === undefined) throw new NotOurs(`segment ${match[1]}`)
  const token = Number(match[2])
  if (!Number.isSafeInteger(token) || token <= 0) throw new Unreadable(`t has no token: ${quoted(match[0])}`)
  return { segment, token }
}

export function amount(keys: Keys, key: string): number | undefined {
  const value = parseAmount(keys.get(key))
  if (value === 'unreadable') throw new Unreadable(`${key} is not a number: ${quoted(keys.get(key))}`)
  return value
}

function count(keys: Keys, key: string): number | undefined {
  const value = amount(keys, key)
  if (value !== undefined && (value < 0 || !Number.isSafeInteger(value)))
    throw new Unreadable(`${key} is not a count: ${value}`)
  return value
}

/**
 * Groups `index|size|price|orders`, joined by `|`. Only a message that lists every level it is wanted for, from the best
 * on, tells how the book looks; one with single changed levels does not, and its book is left out.
 */
function levels(text: string | undefined, wanted: number): readonly BookLevel[] | undefined {
  if (text === undefined) return undefined
  const numbers = text.split('|').map((part) => {
    const value = parseAmount(part)
    if (typeof value !== 'number' || value < 0)
      throw new Unreadable(`a level is not readable: ${quoted(text)}`)
    return value
  })
  if (numbers.length % 4 !== 0) throw new Unreadable(`levels are cut off: ${quoted(text)}`)
  const groups = Array.from({ length: numbers.length / 4 }, (_, index) =>
    numbers.slice(index * 4, index * 4 + 4),
  )
  const isWholeBook = groups.length === wanted && groups.every(([level], index) => level === index)
  if (!isWholeBook) return undefined
  return existingLevels(
    groups.map(([, quantity = 0, price = 0, orders = 0]) => ({ price, quantity, orders })),
  )
}
