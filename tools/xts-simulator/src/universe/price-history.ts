import { hashOf } from '../seeded-random'
import type { TradingHours } from './trading-hours'

/** One minute of trading. Prices in rupees; `minute` counts from 1970 on the Indian wall clock. */
export interface HistoryBar {
  readonly minute: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly openInterest: number
}

/** What history there is to invent, and where it has to end. */
export interface HistoryTerms {
  /** Names the instrument: the same name and seed have the same history. */
  readonly name: string
  readonly seed: number
  readonly hours: TradingHours
  readonly tickSize: number
  readonly lotSize: number
  /** Of the day before today: where the past ends. */
  readonly previousClose: number
  readonly openInterest: number
  /** An index has neither volume nor open interest. */
  readonly hasVolume: boolean
}

/** Today until the simulator began to trade. */
export interface MorningTerms {
  readonly open: number
  readonly high: number
  readonly low: number
  /** Where the live tape goes on. */
  readonly lastPrice: number
  readonly volume: number
}

export const MINUTES_PER_DAY = 1440
/** 1 January 1970 was a Thursday. */
const isWeekend = (day: number): boolean => (day + 4) % 7 === 0 || (day + 4) % 7 === 6

/** Waves of the price: how long each takes in minutes of trading, and how far it goes as a part of the price. */
const WAVES = [
  { minutes: 375 * 90, height: 0.16 },
  { minutes: 375 * 11, height: 0.05 },
  { minutes: 375, height: 0.014 },
  { minutes: 61, height: 0.004 },
  { minutes: 7, height: 0.0012 },
  { minutes: 1, height: 0.0005 },
] as const

/**
 * A past that was never there, but is the same whenever it is asked for: each minute follows from the instrument's
 * name, the seed and the date, and yesterday ends at the previous close.
 */
export class PriceHistory {
  private readonly key: number
  private readonly sessionMinutes: number

  constructor(private readonly terms: HistoryTerms) {
    this.key = hashOf(terms.name, terms.seed)
    this.sessionMinutes = terms.hours.to - terms.hours.from
  }

  /** Bars of past days, oldest first: from the first minute to the last, both included; `today` and later days have none. */
  *past(from: number, to: number, today: number): Generator<HistoryBar> {
    const lastDay = Math.min(today - 1, Math.floor(to / MINUTES_PER_DAY))
    const end = this.wave(this.indexOf(lastTradingDay(today), this.sessionMinutes))
    for (let day = Math.floor(from / MINUTES_PER_DAY); day <= lastDay; day++) {
      if (isWeekend(day)) continue
      const first = day * MINUTES_PER_DAY + this.terms.hours.from
      const begin = Math.max(0, from - first)
      const stop = Math.min(this.sessionMinutes - 1, to - first)
      let open = this.priceAt(this.indexOf(day, begin), end)
      for (let at = begin; at <= stop; at++) {
        const close = this.priceAt(this.indexOf(day, at + 1), end)
        yield this.shape({ minute: first + at, open, close, volume: this.usualVolume(day, at) })
        open = close
      }
    }
  }

  /** Bars of today's session before this minute; they start at today's open and end at the price the live tape goes on from. */
  *morning(today: number, before: number, morning: MorningTerms): Generator<HistoryBar> {
    const first = today * MINUTES_PER_DAY + this.terms.hours.from
    const count = isWeekend(today) ? 0 : Math.min(this.sessionMinutes, Math.max(0, before - first))
    const shares = this.volumeShares(today, count, morning.volume)
    for (let at = 0; at < count; at++) {
      const open = this.bridge(today, { at, count }, morning)
      const close = this.bridge(today, { at: at + 1, count }, morning)
      yield this.shape({ minute: first + at, open, close, volume: shares[at] ?? 0 }, morning)
    }
  }

  /** Wicks are a little longer than the body, on the tick, and today not beyond the range of the day. */
  private shape(
    bar: Pick<HistoryBar, 'minute' | 'open' | 'close' | 'volume'>,
    range: { high: number; low: number } = { high: Number.MAX_VALUE, low: 0 },
  ): HistoryBar {
    const { openInterest, hasVolume, lotSize } = this.terms
    const { minute, open, close, volume } = bar
    const wick = open * 0.0006
    const high = Math.min(range.high, this.onTick(Math.max(open, close) + wick * this.chance(minute, 1)))
    const low = Math.max(range.low, this.onTick(Math.min(open, close) - wick * this.chance(minute, 2)))
    const swing = 1 + 0.1 * this.noise(minute / 200, 7)
    return {
      minute,
      open,
      high: Math.max(high, open, close),
      low: Math.min(low, open, close),
      close,
      volume: hasVolume ? volume : 0,
      openInterest: Math.round((openInterest * swing) / lotSize) * lotSize,
    }
  }

  /** Minutes of trading from a day far in the past; overnight and weekends pass at once, and leave a gap. */
  private indexOf(day: number, at: number): number {
    return day * (this.sessionMinutes + 9) + at
  }

  /** A price below zero, as spreads have, moves by its size as well. */
  private priceAt(index: number, end: number): number {
    const { previousClose, tickSize } = this.terms
    const size = Math.max(Math.abs(previousClose), tickSize * 20)
    const moved = previousClose + size * (Math.exp(this.wave(index) - end) - 1)
    return this.onTick(previousClose > 0 ? Math.max(moved, tickSize) : moved)
  }

  /** From the open to the last price, with the small waves of the day in between, inside the day's range. */
  private bridge(today: number, { at, count }: { at: number; count: number }, morning: MorningTerms): number {
    if (at === 0) return morning.open
    if (at >= count) return morning.lastPrice
    const part = at / count
    const straight = morning.open + (morning.lastPrice - morning.open) * part
    const sway = (morning.high - morning.low) * 0.8 * this.noise(this.indexOf(today, at) / 40, 9)
    const price = straight + sway * Math.sin(Math.PI * part)
    return Math.min(morning.high, Math.max(morning.low, this.onTick(price)))
  }

  private wave(index: number): number {
    let sum = 0
    for (const [salt, { minutes, height }] of WAVES.entries())
      sum += height * this.noise(index / minutes, salt)
    return sum
  }

  /** Between -1 and 1, smooth, and 0 nowhere in particular. */
  private noise(at: number, salt: number): number {
    const whole = Math.floor(at)
    const part = at - whole
    const before = this.chance(whole, salt + 16)
    const after = this.chance(whole + 1, salt + 16)
    return (before + (after - before) * part * part * (3 - 2 * part)) * 2 - 1
  }

  /** In [0, 1), from the instrument, a whole number and a salt. */
  private chance(number: number, salt: number): number {
    let mixed = (this.key ^ Math.imul(number | 0, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b)) >>> 0
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296
  }

  /** Busy at the open and at the close. */
  private usualVolume(day: number, at: number): number {
    const lots = (20 + 380 * this.chance(day, 3)) * this.weight(day, at)
    return Math.round(lots) * this.terms.lotSize
  }

  private weight(day: number, at: number): number {
    const half = this.sessionMinutes / 2
    const edge = Math.abs(at - half) / half
    return (0.5 + edge * edge * 1.5) * (0.4 + 1.2 * this.chance(this.indexOf(day, at), 4))
  }

  /** What was traded until now, spread over the minutes; the last one has what is left. */
  private volumeShares(today: number, count: number, volume: number): number[] {
    const weights = Array.from({ length: count }, (_, at) => this.weight(today, at))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const lots = volume / this.terms.lotSize
    const shares = weights.map((weight) => Math.floor((lots * weight) / total) * this.terms.lotSize)
    const given = shares.reduce((sum, share) => sum + share, 0)
    if (count > 0) shares[count - 1] = (shares[count - 1] ?? 0) + volume - given
    return shares
  }

  private onTick(price: number): number {
    const { tickSize } = this.terms
    return Math.round(Math.round(price / tickSize) * tickSize * 10_000) / 10_000
  }
}

function lastTradingDay(today: number): number {
  let day = today - 1
  while (isWeekend(day)) day--
  return day
}
