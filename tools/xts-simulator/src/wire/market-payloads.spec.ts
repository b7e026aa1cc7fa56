import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { SAMPLE_FIGURES } from '../testing/sample-figures'
import type { FigureCode } from './market-codes'
import type { MarketFigures } from './market-figures'
import { candlePartial, candleText, executionBandPartial, marketStatusText } from './market-notices'
import { fullText, type PayloadStyle } from './market-payloads'

const CAPTURED: PayloadStyle = { touchline: 'nested', fields: 'captured' }
const NIFTY: MarketFigures = {
  ...SAMPLE_FIGURES,
  ...{ segment: 1, token: 26_000, isIndex: true, name: 'NIFTY 50', bids: [], asks: [], sequence: 1_353_296_204_670_191 },
  ...{ exchangeTime: 1_397_650_179, lastTradedTime: 1_397_650_179, updateTime: 1_397_650_179 },
  ...{ lastPrice: 22_386, lastQuantity: 0, totalBuy: 0, totalSell: 0, volume: 0, averagePrice: 22_386, percentChange: -0.59 },
  ...{ open: 22_339.05, high: 22_427.45, low: 22_263.55, close: 22_519.4 },
} // prettier-ignore

describe('whole JSON messages', () => {
  it('writes market depth exactly as documented', () => {
    expect(fullText(1502, SAMPLE_FIGURES, CAPTURED)).toBe(
      '{"MessageCode":1502,"MessageVersion":4,"ApplicationType":0,"TokenID":0,"ExchangeSegment":2,"ExchangeInstrumentID":48225,"ExchangeTimeStamp":1454323205,' +
      '"Bids":[{"Size":130,"Price":101.45,"TotalOrders":2,"BuyBackMarketMaker":0},{"Size":65,"Price":101.4,"TotalOrders":1,"BuyBackMarketMaker":0},{"Size":650,"Price":101.35,"TotalOrders":4,"BuyBackMarketMaker":0},{"Size":195,"Price":101.3,"TotalOrders":2,"BuyBackMarketMaker":0},{"Size":65,"Price":101.25,"TotalOrders":1,"BuyBackMarketMaker":0}],' +
      '"Asks":[{"Size":65,"Price":101.55,"TotalOrders":1,"BuyBackMarketMaker":0},{"Size":260,"Price":101.6,"TotalOrders":3,"BuyBackMarketMaker":0},{"Size":130,"Price":101.65,"TotalOrders":2,"BuyBackMarketMaker":0},{"Size":65,"Price":101.7,"TotalOrders":1,"BuyBackMarketMaker":0},{"Size":325,"Price":101.75,"TotalOrders":2,"BuyBackMarketMaker":0}],' +
      '"Touchline":{"BidInfo":{"Size":130,"Price":101.45,"TotalOrders":2,"BuyBackMarketMaker":0},"AskInfo":{"Size":65,"Price":101.55,"TotalOrders":1,"BuyBackMarketMaker":0},' +
      '"LastTradedPrice":101.5,"LastTradedQunatity":65,"TotalBuyQuantity":250120,"TotalSellQuantity":198445,"TotalTradedQuantity":5120375,"AverageTradedPrice":104.2,"LastTradedTime":1454323204,' +
      '"LastUpdateTime":1454323205,"PercentChange":-3.1,"Open":106,"High":112.3,"Low":98.05,"Close":104.75,"TotalValueTraded":null,"BuyBackTotalBuy":0,"BuyBackTotalSell":0},' +
      '"BookType":1,"XMarketType":1,"SequenceNumber":1603894589173185}',
    ) // prettier-ignore
  })

  it('writes the touchline of an index nested, with an empty book, exactly as captured', () => {
    expect(fullText(1501, NIFTY, CAPTURED)).toBe(
      '{"MessageCode":1501,"MessageVersion":4,"ApplicationType":0,"TokenID":0,"ExchangeSegment":1,"ExchangeInstrumentID":26000,"ExchangeTimeStamp":1397650179,' +
      '"Touchline":{"BidInfo":{"Size":0,"Price":0,"TotalOrders":0,"BuyBackMarketMaker":0},"AskInfo":{"Size":0,"Price":0,"TotalOrders":0,"BuyBackMarketMaker":0},' +
      '"LastTradedPrice":22386,"LastTradedQunatity":0,"TotalBuyQuantity":0,"TotalSellQuantity":0,"TotalTradedQuantity":0,"AverageTradedPrice":22386,"LastTradedTime":1397650179,' +
      '"LastUpdateTime":1397650179,"PercentChange":-0.59,"Open":22339.05,"High":22427.45,"Low":22263.55,"Close":22519.4,"TotalValueTraded":null,"BuyBackTotalBuy":0,"BuyBackTotalSell":0},' +
      '"BookType":1,"XMarketType":1,"SequenceNumber":1353296204670191}',
    ) // prettier-ignore
  })

  it('writes the flat touchline in the captured order, without version and sequence', () => {
    expect(fullText(1501, SAMPLE_FIGURES, { ...CAPTURED, touchline: 'flat' })).toBe(
      '{"MessageCode":1501,"ExchangeSegment":2,"ExchangeInstrumentID":48225,"LastTradedPrice":101.5,"LastTradedQunatity":65,"TotalBuyQuantity":250120,"TotalSellQuantity":198445,' +
      '"TotalTradedQuantity":5120375,"AverageTradedPrice":104.2,"LastTradedTime":1454323204,"LastUpdateTime":1454323205,"PercentChange":-3.1,"Open":106,"High":112.3,"Low":98.05,' +
      '"Close":104.75,"TotalValueTraded":null,"AskInfo":{"Size":65,"Price":101.55,"TotalOrders":1,"BuyBackMarketMaker":0},"BidInfo":{"Size":130,"Price":101.45,"TotalOrders":2,"BuyBackMarketMaker":0},' +
      '"XMarketType":1,"BookType":1}',
    ) // prettier-ignore
  })

  it('writes the last price, and in recent builds change and close behind it', () => {
    const start =
      '{"MessageCode":1512,"MessageVersion":4,"ApplicationType":0,"TokenID":0,"ExchangeSegment":2,"ExchangeInstrumentID":48225,"BookType":1,"XMarketType":1,"LastTradedPrice":101.5,"LastTradedQunatity":65,"LastUpdateTime":1454323205'
    expect(fullText(1512, SAMPLE_FIGURES, CAPTURED)).toBe(`${start}}`)
    expect(fullText(1512, SAMPLE_FIGURES, { ...CAPTURED, fields: 'recent' })).toBe(
      `${start},"PercentChange":-3.1,"Close":104.75}`,
    )
  })

  it('writes open interest, and in recent builds the underlying before the sequence', () => {
    const underlying = { token: -1, segment: 1, name: 'NIFTY 50', totalOpenInterest: 757_154_175 }
    const start =
      '{"MessageCode":1510,"MessageVersion":4,"ApplicationType":0,"TokenID":0,"ExchangeSegment":2,"ExchangeInstrumentID":48225,"ExchangeTimeStamp":1454323205,"XTSMarketType":1,"OpenInterest":1234500,'
    expect(fullText(1510, SAMPLE_FIGURES, CAPTURED, underlying)).toBe(
      `${start}"SequenceNumber":1603894589173185}`,
    )
    expect(fullText(1510, SAMPLE_FIGURES, { ...CAPTURED, fields: 'recent' }, underlying)).toBe(
      `${start}"UnderlyingInstrumentID":-1,"UnderlyingExchangeSegment":1,"UnderlyingIDIndexName":"NIFTY 50","UnderlyingTotalOpenInterest":757154175,"SequenceNumber":1603894589173185}`,
    )
  })

  it('writes an index message with the documented names', () => {
    expect(Object.keys(JSON.parse(fullText(1504, NIFTY, CAPTURED)) as object)).toEqual([
      'MessageCode', 'MessageVersion', 'ApplicationType', 'TokenID', 'ExchangeSegment', 'ExchangeInstrumentID', 'ExchangeTimeStamp',
      'IndexName', 'IndexValue', 'OpeningIndex', 'ClosingIndex', 'HighIndexValue', 'LowIndexValue', 'PercentChange', 'YearlyHigh', 'YearlyLow',
      'NoOfUpmoves', 'NoOfDownmoves', 'MarketCapitalisation', 'SequenceNumber',
    ]) // prettier-ignore
    const quoted = fullText(1504, { ...NIFTY, name: 'A "B"' }, CAPTURED)
    expect(JSON.parse(quoted)).toMatchObject({
      IndexName: 'A "B"',
      IndexValue: 22_386,
      ClosingIndex: 22_519.4,
    })
  })

  it('writes candles and market statuses in the captured order', () => {
    const candle = { segment: 1, token: 467, endsAt: 1_736_164_979, open: 606.55, high: 607.65, low: 606.5, close: 607.45 }
    const traded = { ...candle, volume: 1_760_422, openInterest: 0, value: 0 }
    expect(candleText(traded)).toBe(
      '{"MessageCode":1505,"MessageVersion":1,"ApplicationType":0,"TokenID":0,"ExchangeSegment":1,"ExchangeInstrumentID":467,"BarTime":1736164979,"BarVolume":1760422,"High":607.65,"Low":606.5,"Open":606.55,"Close":607.45,"OpenInterest":0,"SumOfQtyInToPrice":0}',
    )
    expect(candlePartial(traded)).toBe('t:1_467,o:606.55,h:607.65,l:606.5,c:607.45,bt:1736164979,bv:1760422,pv:0,oi:0')
    const message = 'THE NORMAL MARKET HAS PREOPENED FOR 22 JAN 2021'
    const status = { segment: 1, marketType: 1, tradingSession: 1, message }
    expect(marketStatusText(status, 1_295_773_200, 424_567_064_044_868)).toBe(
      `{"ApplicationType":0,"ExchangeInstrumentID":0,"ExchangeSegment":1,"ExchangeTimeStamp":1295773200,"maketType":1,"message":"${message}","MessageCode":1507,"MessageVersion":4,"SequenceNumber":424567064044868,"TokenID":0,"tradingSession":1}`,
    )
    expect(executionBandPartial({ segment: 12, token: 1_140_025, high: 2067.75, low: 516.95 })).toBe(
      't:12_1140025,110:2067.75,111:516.95',
    )
  }) // prettier-ignore
})

/** Names, order and types of everything in a value. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  return Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)])
}

const samplesFile = resolve('../shared/data/xts_real_payload_samples.json')
const itWithSamples = existsSync(samplesFile) ? it : it.skip

describe('messages beside captured ones (skipped where ../shared/data is not there)', () => {
  const captured = (name: string): object => {
    const samples = JSON.parse(readFileSync(samplesFile, 'utf8')) as { name: string; data: object }[]
    const data = samples.find((sample) => sample.name.startsWith(name))?.data
    if (!data) throw new Error(`no sample ${name}`)
    return data
  }
  const ours = (code: FigureCode, figures: MarketFigures, style = CAPTURED): unknown =>
    shapeOf(JSON.parse(fullText(code, figures, style)))

  itWithSamples('have the names, the order and the types of the real ones', () => {
    const subscription = captured('subscription reply 1502') as { result: { listQuotes: string[] } }
    const quotes = captured('quotes reply 1510') as { result: { listQuotes: string[] } }
    expect(ours(1502, SAMPLE_FIGURES)).toEqual(shapeOf(JSON.parse(subscription.result.listQuotes[0] ?? '')))
    expect(ours(1510, SAMPLE_FIGURES)).toEqual(shapeOf(JSON.parse(quotes.result.listQuotes[0] ?? '')))
    expect(ours(1501, SAMPLE_FIGURES, { ...CAPTURED, touchline: 'flat' })).toEqual(shapeOf(captured('1501 full - flat')))
    expect(ours(1501, NIFTY)).toEqual(shapeOf(captured('1501 full - nested')))
    expect(ours(1512, SAMPLE_FIGURES)).toEqual(shapeOf(captured('1512 full')))
    const candle = { segment: 1, token: 1, endsAt: 1, open: 1, high: 1, low: 1, close: 1, volume: 1, openInterest: 0, value: 0 }
    expect(shapeOf(JSON.parse(candleText(candle)))).toEqual(shapeOf(captured('1505 full')))
    const status = marketStatusText({ segment: 1, marketType: 1, tradingSession: 1, message: '' }, 1, 1)
    expect(shapeOf(JSON.parse(status))).toEqual(shapeOf(captured('1507')))
  }) // prettier-ignore
})
