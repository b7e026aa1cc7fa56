import type { InstrumentMarket } from '../matching/instrument-market'
import { hashOf } from '../seeded-random'
import { minuteOf } from '../sockets/candle-keeper'
import { MINUTES_PER_DAY, PriceHistory, type HistoryBar } from '../universe/price-history'
import { SEGMENT_NUMBERS } from '../universe/segments'
import { TRADING_HOURS } from '../universe/trading-hours'
import { refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { barsText, COMPRESSIONS, isCompression, type Compression } from './compress-bars'
import { FieldReader } from './field-reader'
import { readSegment } from './read-segment'
import type { Call } from './route'

/** How far the past reaches: shares and indices five years, contracts since some months before they end. */
const CASH_HISTORY_DAYS = 1826
const CONTRACT_HISTORY_DAYS = 100

/** GET /instruments/ohlc. An unknown instrument and an empty range answer alike: a success with an empty text. */
export function readCandles(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.query, 'query')
  const segment = readSegment(fields)
  const token = fields.number('exchangeInstrumentID', { isWhole: true })
  const from = readTime(fields, 'startTime')
  const to = readTime(fields, 'endTime')
  const compression = readCompression(fields)
  if (fields.errors.length > 0 || !segment) return validationFailure(fields.errors)
  const instrument = broker.universe.find(segment, token)
  const range = { from: Math.ceil(from / 60), to: Math.floor(to / 60) }
  const bars = instrument ? barsBetween(broker, broker.exchange.market(instrument), range) : []
  const text = barsText(bars, compression, from)
  if (text === '' && broker.marketChoices.emptyHistory === 'error') {
    return refusal('e-instrument-0001', 'Data not found')
  }
  return success('s-instrument-0002', 'Data found', {
    exchangeSegment: String(SEGMENT_NUMBERS[segment]),
    exchangeInstrumentID: String(token),
    dataReponse: text,
  })
}

interface MinuteRange {
  readonly from: number
  readonly to: number
}

/** The invented past, this morning, and what has traded since: one behind the other without a seam. */
function* barsBetween(broker: Broker, market: InstrumentMarket, range: MinuteRange): Generator<HistoryBar> {
  const nowMs = broker.clock.nowMs()
  const first = broker.feed.candles.watch(market, nowMs)
  const history = historyOf(broker, market)
  const today = Math.floor(first.minute / MINUTES_PER_DAY)
  const days = market.instrument.expiryDate === undefined ? CASH_HISTORY_DAYS : CONTRACT_HISTORY_DAYS
  const from = Math.max(range.from, (today - days) * MINUTES_PER_DAY)
  yield* history.past(from, range.to, today)
  const terms = { ...first, lastPrice: first.price }
  for (const bar of history.morning(today, first.minute, terms)) if (isWithin(bar, range)) yield bar
  const { isIndex } = market.instrument
  for (const bar of broker.feed.candles.barsOf(market)) {
    if (isWithin(bar, range)) yield isIndex ? { ...bar, volume: 0 } : bar
  }
  yield* barOfNow(market, { range, nowMinute: minuteOf(nowMs), broker })
}

const isWithin = (bar: HistoryBar, range: MinuteRange): boolean =>
  bar.minute >= range.from && bar.minute <= range.to

/** A market that has not moved yet has a price all the same. */
function* barOfNow(
  market: InstrumentMarket,
  at: { range: MinuteRange; nowMinute: number; broker: Broker },
): Generator<HistoryBar> {
  const { nowMinute, broker } = at
  const isMoved = broker.feed.candles.barsOf(market).length > 0
  const price = market.tape.lastPrice
  const bar = { minute: nowMinute, open: price, high: price, low: price, close: price, volume: 0 }
  const now = { ...bar, openInterest: market.openInterest }
  if (!isMoved && isWithin(now, at.range)) yield now
}

function historyOf(broker: Broker, market: InstrumentMarket): PriceHistory {
  const { instrument, tape, openInterest } = market
  return new PriceHistory({
    name: `${instrument.segment}|${instrument.token}`,
    seed: hashOf('history', broker.feed.seed),
    hours: TRADING_HOURS[instrument.segment],
    tickSize: instrument.tickSize,
    lotSize: instrument.lotSize,
    previousClose: tape.previousClose,
    openInterest,
    hasVolume: !instrument.isIndex,
  })
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const
const TIME = /^([A-Za-z]{3}) (\d{1,2}) (\d{4}) (\d{2})(\d{2})(\d{2})$/

/** `Jan 27 2025 090000` in India, as seconds of the wall clock since 1970. */
function readTime(fields: FieldReader, name: 'startTime' | 'endTime'): number {
  const asked = fields.text(name)
  const [, word, day, year, hour, minute, second] = TIME.exec(asked) ?? []
  const month = MONTHS.findIndex((candidate) => candidate === word?.toUpperCase())
  const atMs = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second))
  const isReal = month >= 0 && new Date(atMs).getUTCDate() === Number(day) && Number(hour) < 24
  if (isReal) return atMs / 1000
  if (asked !== '') fields.refuse(name, 'must be a time like Jan 27 2025 090000', 'string.regex.base')
  return 0
}

function readCompression(fields: FieldReader): Compression {
  const asked = fields.text('compressionValue').toUpperCase()
  if (isCompression(asked)) return asked
  if (asked !== '')
    fields.refuse('compressionValue', `must be one of [${COMPRESSIONS.join(', ')}]`, 'any.allowOnly')
  return '60'
}
