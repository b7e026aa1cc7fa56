import type { DepthRow } from '../matching/order-book'
import type { FigureCode } from './market-codes'
import { DEPTH_ROWS, type MarketFigures, type UnderlyingFigures } from './market-figures'

/** What a gateway's build decides about its messages. */
export interface PayloadStyle {
  /** Touchline fields of a 1501 at the top, without version and sequence, or in a `Touchline` of their own. */
  readonly touchline: 'flat' | 'nested'
  /** `recent` adds the underlying to 1510, and percent change and close to 1512. */
  readonly fields: 'captured' | 'recent'
}

/**
 * A whole message, keys in the broker's order. Written by hand and not by JSON.stringify, because fifty thousand of
 * them are made in a second. `Close` is the previous close; Qunatity is the broker's spelling.
 */
export function fullText(
  code: FigureCode,
  figures: MarketFigures,
  style: PayloadStyle,
  underlying?: UnderlyingFigures,
): string {
  switch (code) {
    case 1501:
      return style.touchline === 'flat' ? flatTouchline(figures) : nestedTouchline(figures)
    case 1502:
      return marketDepth(figures)
    case 1504:
      return indexMessage(figures)
    case 1510:
      return openInterestMessage(figures, style.fields === 'recent' ? underlying : undefined)
    case 1512:
      return lastPriceMessage(figures, style)
  }
}

const nestedTouchline = (f: MarketFigures): string =>
  `{${header(1501, f)},"Touchline":${touchline(f)},${trailer(f)}}`

function marketDepth(f: MarketFigures): string {
  return `{${header(1502, f)},"Bids":${fiveRows(f.bids)},"Asks":${fiveRows(f.asks)},"Touchline":${touchline(f)},${trailer(f)}}`
}

function flatTouchline(f: MarketFigures): string {
  return (
    `{"MessageCode":1501,"ExchangeSegment":${f.segment},"ExchangeInstrumentID":${f.token},${trades(f)},` +
    `"AskInfo":${row(f.asks[0])},"BidInfo":${row(f.bids[0])},"XMarketType":1,"BookType":1}`
  )
}

function touchline(f: MarketFigures): string {
  return (
    `{"BidInfo":${row(f.bids[0])},"AskInfo":${row(f.asks[0])},${trades(f)},` +
    '"BuyBackTotalBuy":0,"BuyBackTotalSell":0}'
  )
}

function trades(f: MarketFigures): string {
  return (
    `"LastTradedPrice":${f.lastPrice},"LastTradedQunatity":${f.lastQuantity},"TotalBuyQuantity":${f.totalBuy},` +
    `"TotalSellQuantity":${f.totalSell},"TotalTradedQuantity":${f.volume},"AverageTradedPrice":${f.averagePrice},` +
    `"LastTradedTime":${f.lastTradedTime},"LastUpdateTime":${f.updateTime},"PercentChange":${f.percentChange},` +
    `"Open":${f.open},"High":${f.high},"Low":${f.low},"Close":${f.close},"TotalValueTraded":null`
  )
}

/** The names and values are the documents'; a real one was never captured. The year's range is the day's. */
function indexMessage(f: MarketFigures): string {
  return (
    `{${header(1504, f)},"IndexName":${JSON.stringify(f.name)},"IndexValue":${f.lastPrice},"OpeningIndex":${f.open},` +
    `"ClosingIndex":${f.close},"HighIndexValue":${f.high},"LowIndexValue":${f.low},"PercentChange":${f.percentChange},` +
    `"YearlyHigh":${f.high},"YearlyLow":${f.low},"NoOfUpmoves":0,"NoOfDownmoves":0,"MarketCapitalisation":0,` +
    `"SequenceNumber":${f.sequence}}`
  )
}

function openInterestMessage(f: MarketFigures, underlying: UnderlyingFigures | undefined): string {
  const more = underlying
    ? `"UnderlyingInstrumentID":${underlying.token},"UnderlyingExchangeSegment":${underlying.segment},` +
      `"UnderlyingIDIndexName":${JSON.stringify(underlying.name)},` +
      `"UnderlyingTotalOpenInterest":${underlying.totalOpenInterest},`
    : ''
  return `{${header(1510, f)},"XTSMarketType":1,"OpenInterest":${f.openInterest},${more}"SequenceNumber":${f.sequence}}`
}

function lastPriceMessage(f: MarketFigures, style: PayloadStyle): string {
  const more = style.fields === 'recent' ? `,"PercentChange":${f.percentChange},"Close":${f.close}` : ''
  return (
    `{"MessageCode":1512,"MessageVersion":4,"ApplicationType":0,"TokenID":0,"ExchangeSegment":${f.segment},` +
    `"ExchangeInstrumentID":${f.token},"BookType":1,"XMarketType":1,"LastTradedPrice":${f.lastPrice},` +
    `"LastTradedQunatity":${f.lastQuantity},"LastUpdateTime":${f.updateTime}${more}}`
  )
}

function header(code: FigureCode, f: MarketFigures): string {
  return (
    `"MessageCode":${code},"MessageVersion":4,"ApplicationType":0,"TokenID":0,"ExchangeSegment":${f.segment},` +
    `"ExchangeInstrumentID":${f.token},"ExchangeTimeStamp":${f.exchangeTime}`
  )
}

const trailer = (f: MarketFigures): string => `"BookType":1,"XMarketType":1,"SequenceNumber":${f.sequence}`

function row(depth: DepthRow | undefined): string {
  if (!depth) return '{"Size":0,"Price":0,"TotalOrders":0,"BuyBackMarketMaker":0}'
  return `{"Size":${depth.quantity},"Price":${depth.price},"TotalOrders":${depth.orders},"BuyBackMarketMaker":0}`
}

/** Always five levels; a missing one is all zeros. */
function fiveRows(depth: readonly DepthRow[]): string {
  let rows = row(depth[0])
  for (let level = 1; level < DEPTH_ROWS; level++) rows += `,${row(depth[level])}`
  return `[${rows}]`
}
