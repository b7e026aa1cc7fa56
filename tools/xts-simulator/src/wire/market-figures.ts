import { CROWD_LEVELS } from '../matching/crowd'
import type { InstrumentMarket } from '../matching/instrument-market'
import type { DepthRow } from '../matching/order-book'
import { hashOf } from '../seeded-random'
import type { ListedInstrument } from '../universe/listed-instrument'
import { SEGMENT_NUMBERS } from '../universe/segments'
import { tickSeconds } from './indian-time'

/** When a message is written, and as which one. */
export interface Moment {
  readonly nowMs: number
  readonly sequence: number
}

/** What every form of a message about an instrument is written from. Prices in rupees, quantities in units, times as ticks count them. */
export interface MarketFigures {
  readonly segment: number
  readonly token: number
  readonly isIndex: boolean
  readonly name: string
  readonly exchangeTime: number
  readonly sequence: number
  /** Best first; only as many as were asked for, and fewer where the book is thin. */
  readonly bids: readonly DepthRow[]
  readonly asks: readonly DepthRow[]
  readonly lastPrice: number
  readonly lastQuantity: number
  readonly totalBuy: number
  readonly totalSell: number
  readonly volume: number
  readonly averagePrice: number
  readonly lastTradedTime: number
  readonly updateTime: number
  readonly percentChange: number
  readonly open: number
  readonly high: number
  readonly low: number
  /** Of the day before. */
  readonly close: number
  readonly openInterest: number
}

export const DEPTH_ROWS = CROWD_LEVELS

/** How segments other than NSE's count seconds: by the Indian wall clock or by UTC. */
export type OtherTickTime = 'ist' | 'utc'

/** NSE segments count from 1980; for the others the documents leave the zone open. */
export function secondsOf(atMs: number, segment: number, other: OtherTickTime): number {
  return segment > 3 && other === 'utc' ? Math.floor(atMs / 1000) : tickSeconds(atMs, segment)
}

/** Reads a market as it stands, with so many levels of its book. An index has no book, no quantities, and its level as average. */
export function readFigures(
  market: InstrumentMarket,
  moment: Moment,
  o: { readonly rows: number; readonly otherTickTime: OtherTickTime },
): MarketFigures {
  const { tape, book, instrument } = market
  const { isIndex } = instrument
  const segment = SEGMENT_NUMBERS[instrument.segment]
  const now = secondsOf(moment.nowMs, segment, o.otherTickTime)
  return {
    segment,
    token: instrument.token,
    isIndex,
    name: instrument.name,
    exchangeTime: now,
    sequence: moment.sequence,
    bids: o.rows > 0 ? book.depth('BUY', o.rows) : [],
    asks: o.rows > 0 ? book.depth('SELL', o.rows) : [],
    lastPrice: tape.lastPrice,
    lastQuantity: isIndex ? 0 : tape.lastQuantity,
    totalBuy: book.totalQuantity('BUY'),
    totalSell: book.totalQuantity('SELL'),
    volume: isIndex ? 0 : tape.volume,
    averagePrice: isIndex ? tape.lastPrice : tape.averagePrice,
    lastTradedTime: secondsOf(tape.lastTradedAtMs, segment, o.otherTickTime),
    updateTime: now,
    percentChange: tape.percentChange,
    open: tape.open,
    high: tape.high,
    low: tape.low,
    close: tape.previousClose,
    openInterest: market.openInterest,
  }
}

/** What an open-interest message says of the underlying. */
export interface UnderlyingFigures {
  readonly token: number
  readonly segment: number
  readonly name: string
  readonly totalOpenInterest: number
}

/** The total is the same for all contracts on one underlying, and stays the same for the day. */
export function underlyingOf(instrument: ListedInstrument): UnderlyingFigures | undefined {
  const { underlyingId, underlyingName, name } = instrument
  if (underlyingId === undefined) return undefined
  const isIndex = Number(underlyingId) <= 0
  const total = 100_000 + (hashOf(`${instrument.segment}|${name}`) % 8_000_000)
  return {
    token: isIndex ? -1 : Number(underlyingId.slice(-TOKEN_DIGITS)),
    segment: isIndex ? cashSegment(instrument) : Number(underlyingId.slice(0, -TOKEN_DIGITS - EXPIRY_DIGITS)),
    name: underlyingName ? underlyingName.toUpperCase() : name,
    totalOpenInterest: total * instrument.lotSize,
  }
}

/** An InstrumentID ends with four digits of the expiry and eight of the token. */
const TOKEN_DIGITS = 8
const EXPIRY_DIGITS = 4

const cashSegment = ({ segment }: ListedInstrument): number =>
  segment === 'MCXFO'
    ? SEGMENT_NUMBERS.MCXFO
    : segment.startsWith('BSE')
      ? SEGMENT_NUMBERS.BSECM
      : SEGMENT_NUMBERS.NSECM
