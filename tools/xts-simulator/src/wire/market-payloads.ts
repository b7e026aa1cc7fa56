import type { InstrumentMarket } from '../matching/instrument-market'
import { CROWD_LEVELS } from '../matching/crowd'
import type { DepthRow } from '../matching/order-book'
import { SEGMENT_NUMBERS } from '../universe/segments'
import { tickSeconds } from './indian-time'

/** Message codes that can be asked for and subscribed. */
export const MESSAGE_CODES = [1501, 1502, 1510, 1512] as const
export type MessageCode = (typeof MESSAGE_CODES)[number]

export function isMessageCode(code: number): code is MessageCode {
  return (MESSAGE_CODES as readonly number[]).includes(code)
}

const row = (depth: DepthRow | undefined): Record<string, number> => ({
  Size: depth?.quantity ?? 0,
  Price: depth?.price ?? 0,
  TotalOrders: depth?.orders ?? 0,
  BuyBackMarketMaker: 0,
})

/** Always five levels; a missing one is all zeros. */
const fiveRows = (depth: readonly DepthRow[]): Record<string, number>[] =>
  Array.from({ length: CROWD_LEVELS }, (_, level) => row(depth[level]))

interface Moment {
  readonly nowMs: number
  readonly sequence: number
}

/** The message of one instrument as an object, keys in the broker's order. `Close` is the previous close; Qunatity is its spelling. */
export function fullMessage(
  code: MessageCode,
  market: InstrumentMarket,
  moment: Moment,
): Record<string, unknown> {
  switch (code) {
    case 1501:
      return {
        ...header(code, market, moment),
        Touchline: touchline(market, moment.nowMs),
        ...trailer(moment),
      }
    case 1502:
      return {
        ...header(code, market, moment),
        Bids: fiveRows(market.book.depth('BUY', CROWD_LEVELS)),
        Asks: fiveRows(market.book.depth('SELL', CROWD_LEVELS)),
        Touchline: touchline(market, moment.nowMs),
        ...trailer(moment),
      }
    case 1510:
      return {
        ...header(code, market, moment),
        XTSMarketType: 1,
        OpenInterest: market.openInterest,
        SequenceNumber: moment.sequence,
      }
    case 1512:
      return lastPriceMessage(market, moment.nowMs)
  }
}

/** The flat 1501 that quotes answer: touchline fields at the top level, no version and no sequence. */
export function flatTouchline(market: InstrumentMarket, nowMs: number): Record<string, unknown> {
  const { BidInfo, AskInfo, ...figures } = touchline(market, nowMs)
  const { BuyBackTotalBuy, BuyBackTotalSell, ...kept } = figures
  void BuyBackTotalBuy
  void BuyBackTotalSell
  return {
    MessageCode: 1501,
    ExchangeSegment: SEGMENT_NUMBERS[market.instrument.segment],
    ExchangeInstrumentID: market.instrument.token,
    ...kept,
    AskInfo,
    BidInfo,
    XMarketType: 1,
    BookType: 1,
  }
}

function header(code: MessageCode, market: InstrumentMarket, moment: Moment): Record<string, unknown> {
  const segment = SEGMENT_NUMBERS[market.instrument.segment]
  return {
    MessageCode: code,
    MessageVersion: 4,
    ApplicationType: 0,
    TokenID: 0,
    ExchangeSegment: segment,
    ExchangeInstrumentID: market.instrument.token,
    ExchangeTimeStamp: tickSeconds(moment.nowMs, segment),
  }
}

const trailer = (moment: Moment): Record<string, unknown> => ({
  BookType: 1,
  XMarketType: 1,
  SequenceNumber: moment.sequence,
})

/** An index has an empty book, no quantities, and its level as average price. */
function touchline(market: InstrumentMarket, nowMs: number): Record<string, unknown> {
  const { tape, book, instrument } = market
  const segment = SEGMENT_NUMBERS[instrument.segment]
  const { isIndex } = instrument
  return {
    BidInfo: row(book.depth('BUY', 1)[0]),
    AskInfo: row(book.depth('SELL', 1)[0]),
    LastTradedPrice: tape.lastPrice,
    LastTradedQunatity: isIndex ? 0 : tape.lastQuantity,
    TotalBuyQuantity: book.totalQuantity('BUY'),
    TotalSellQuantity: book.totalQuantity('SELL'),
    TotalTradedQuantity: isIndex ? 0 : tape.volume,
    AverageTradedPrice: isIndex ? tape.lastPrice : tape.averagePrice,
    LastTradedTime: tickSeconds(tape.lastTradedAtMs, segment),
    LastUpdateTime: tickSeconds(nowMs, segment),
    PercentChange: tape.percentChange,
    Open: tape.open,
    High: tape.high,
    Low: tape.low,
    Close: tape.previousClose,
    TotalValueTraded: null,
    BuyBackTotalBuy: 0,
    BuyBackTotalSell: 0,
  }
}

function lastPriceMessage(market: InstrumentMarket, nowMs: number): Record<string, unknown> {
  const segment = SEGMENT_NUMBERS[market.instrument.segment]
  return {
    MessageCode: 1512,
    MessageVersion: 4,
    ApplicationType: 0,
    TokenID: 0,
    ExchangeSegment: segment,
    ExchangeInstrumentID: market.instrument.token,
    BookType: 1,
    XMarketType: 1,
    LastTradedPrice: market.tape.lastPrice,
    LastTradedQunatity: market.instrument.isIndex ? 0 : market.tape.lastQuantity,
    LastUpdateTime: tickSeconds(nowMs, segment),
  }
}

/** The `key:value` form of broadcastMode Partial. Every key is sent each time, as the captured feeds do. */
export function partialMessage(code: MessageCode, market: InstrumentMarket, nowMs: number): string {
  const segment = SEGMENT_NUMBERS[market.instrument.segment]
  const head = `t:${segment}_${market.instrument.token}`
  if (code === 1510) return `${head},o:${market.openInterest}`
  const { tape, instrument } = market
  const lastQuantity = instrument.isIndex ? 0 : tape.lastQuantity
  const update = tickSeconds(nowMs, segment)
  if (code === 1512) return `${head},ltp:${tape.lastPrice},ltq:${lastQuantity},lut:${update},bt:1,mt:1`
  const rows = code === 1501 ? 1 : CROWD_LEVELS
  return (
    `${head},bi:${groups(market.book.depth('BUY', rows), rows)},ai:${groups(market.book.depth('SELL', rows), rows)},` +
    `ltp:${tape.lastPrice},ltq:${lastQuantity},tb:${market.book.totalQuantity('BUY')},` +
    `ts:${market.book.totalQuantity('SELL')},v:${instrument.isIndex ? 0 : tape.volume},` +
    `ap:${instrument.isIndex ? tape.lastPrice : tape.averagePrice},ltt:${tickSeconds(tape.lastTradedAtMs, segment)},` +
    `lut:${update},pc:${tape.percentChange},o:${tape.open},h:${tape.high},l:${tape.low},c:${tape.previousClose},bt:1,mt:1`
  )
}

/** `0|100|35147.65|2`: position, size, price, orders. */
function groups(depth: readonly DepthRow[], rows: number): string {
  return Array.from({ length: rows }, (_, level) => {
    const at = depth[level]
    return `${level}|${at?.quantity ?? 0}|${at?.price ?? 0}|${at?.orders ?? 0}`
  }).join('|')
}
