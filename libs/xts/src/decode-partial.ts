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

const INSTRUMENT = /^(\d+)_(\d+)$/
/** index, size, price, orders. */
const GROUP = 4
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
  const { segment, token } = instrumentOf(keys)
  const time = (key: string): number | undefined =>
    fromTickSeconds(amount(keys, key), segment, clock.otherSegmentsClock)
  const levelsWanted = code === XTS_MESSAGE.depth ? FULL_DEPTH : 1
  return withoutAbsent({
    segment,
    token,
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
  const keys = new Map<string, string>()
  for (let from = 0; from <= payload.length;) {
    const comma = payload.indexOf(',', from)
    const end = comma < 0 ? payload.length : comma
    const colon = payload.indexOf(':', from)
    if (colon <= from || colon >= end)
      throw new Unreadable(`a pair has no key: ${quoted(payload.slice(from, end))}`)
    keys.set(payload.slice(from, colon).trim(), payload.slice(colon + 1, end).trim())
    from = end + 1
  }
  return keys
}

export function instrumentOf(keys: Keys): Instrument {
  const match = INSTRUMENT.exec(keys.get('t') ?? '')
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
  const parts = text.split('|')
  if (parts.length % GROUP !== 0) {
    for (const part of parts) levelNumber(part, text)
    throw new Unreadable(`levels are cut off: ${quoted(text)}`)
  }
  const found: BookLevel[] = []
  let isWholeBook = parts.length === wanted * GROUP
  for (let at = 0; at < parts.length; at += GROUP) {
    const place = levelNumber(parts[at], text)
    const quantity = levelNumber(parts[at + 1], text)
    const price = levelNumber(parts[at + 2], text)
    found.push({ price, quantity, orders: levelNumber(parts[at + 3], text) })
    isWholeBook &&= place === at / GROUP
  }
  return isWholeBook ? existingLevels(found) : undefined
}

function levelNumber(part: string | undefined, text: string): number {
  const value = parseAmount(part)
  if (typeof value !== 'number' || value < 0) throw new Unreadable(`a level is not readable: ${quoted(text)}`)
  return value
}
