import type { InstrumentMarket } from '../matching/instrument-market'
import { SEGMENT_NUMBERS } from '../universe/segments'
import type { Candle } from '../wire/market-notices'

/** Bars as they trade: a minute of one market. Prices in rupees. */
export interface MinuteBar {
  /** Since 1970 on the Indian wall clock; the minute it covers is `minute * 60` to 59 seconds later. */
  readonly minute: number
  readonly open: number
  high: number
  low: number
  close: number
  volume: number
  value: number
  openInterest: number
}

/** What was kept of a market since somebody first looked at it. */
interface Trading {
  readonly first: FirstSight
  readonly bars: MinuteBar[]
  volume: number
  value: number
  high: number
  low: number
}

/** A market as it stood when it was first seen: history has to end there. */
export interface FirstSight {
  readonly minute: number
  readonly price: number
  readonly volume: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly openInterest: number
}

const IST_OFFSET_MS = 19_800_000
const MINUTE_MS = 60_000
/** A day of minutes; older ones go. */
const MOST_BARS = 1440

export const minuteOf = (atMs: number): number => Math.floor((atMs + IST_OFFSET_MS) / MINUTE_MS)

/** Makes minute bars of everything that trades. */
export class CandleKeeper {
  private readonly byMarket = new Map<InstrumentMarket, Trading>()

  /** Bars of this market are kept from now on. */
  watch(market: InstrumentMarket, nowMs: number): FirstSight {
    return this.tradingOf(market, nowMs).first
  }

  /** The market moved. */
  note(market: InstrumentMarket, nowMs: number): void {
    const { tape } = market
    const trading = this.tradingOf(market, nowMs)
    const bar = barOf(trading, market, minuteOf(nowMs))
    const price = tape.lastPrice
    if (price > bar.high) bar.high = price
    if (price < bar.low) bar.low = price
    // Several trades may have happened since the last look: a new extreme of the day was one of them.
    if (tape.high > trading.high) bar.high = Math.max(bar.high, tape.high)
    if (tape.low < trading.low) bar.low = Math.min(bar.low, tape.low)
    bar.close = price
    bar.volume += tape.volume - trading.volume
    bar.value += tape.value - trading.value
    bar.openInterest = market.openInterest
    trading.volume = tape.volume
    trading.value = tape.value
    trading.high = tape.high
    trading.low = tape.low
  }

  /** What traded in this market since it was first seen, oldest first; the last may still be growing. */
  barsOf(market: InstrumentMarket): readonly MinuteBar[] {
    return this.byMarket.get(market)?.bars ?? []
  }

  /** The last bar that ended before this minute, as a message tells it; undefined when nothing traded in it. */
  candleBefore(market: InstrumentMarket, minute: number): Candle | undefined {
    const bar = this.barsOf(market).findLast((candidate) => candidate.minute < minute)
    return bar && candleOf(market, bar)
  }

  private tradingOf(market: InstrumentMarket, nowMs: number): Trading {
    const known = this.byMarket.get(market)
    if (known) return known
    const { tape, openInterest } = market
    const { volume, value, open, high, low, lastPrice: price } = tape
    const first = { minute: minuteOf(nowMs), price, volume, open, high, low, openInterest }
    const trading = { first, bars: [], volume, value, high, low }
    this.byMarket.set(market, trading)
    return trading
  }
}

function barOf(trading: Trading, market: InstrumentMarket, minute: number): MinuteBar {
  const last = trading.bars.at(-1)
  if (last?.minute === minute) return last
  const open = last?.close ?? trading.first.price
  const bar = {
    ...{ minute, open, high: open, low: open, close: open },
    ...{ volume: 0, value: 0, openInterest: market.openInterest },
  }
  trading.bars.push(bar)
  if (trading.bars.length > MOST_BARS) trading.bars.shift()
  return bar
}

/** An index has no quantities. */
export function candleOf(market: InstrumentMarket, bar: MinuteBar): Candle {
  const { instrument } = market
  return {
    segment: SEGMENT_NUMBERS[instrument.segment],
    token: instrument.token,
    endsAt: bar.minute * 60 + 59,
    open: bar.open,
    high: bar.high,
    low: bar.low,
    close: bar.close,
    volume: instrument.isIndex ? 0 : bar.volume,
    openInterest: bar.openInterest,
    value: instrument.isIndex ? 0 : Math.round(bar.value * 100) / 100,
  }
}
