import { ReplayedValues } from './replayed-values'

const partial = (text: string) => ({ atMs: 0, to: '1501:2:53734', event: '1501-json-partial', payload: text })
/** captured: the partial touchline of a future, 2022-07-09. */
const CAPTURED =
  't:2_53734,bi:0|100|35147.65|2,ai:0|25|35152|1,ltp:35152.9,ltq:25,tb:148825,ts:152675,v:1364025,ap:35168.98,' +
  'ltt:1341747669,lut:1341747669,pc:0.4891114808271757,o:35150,h:35300,l:35100,c:34981.8,bt:1,mt:1'

const quote = (values: ReplayedValues, code = 1501): unknown => {
  const text = values.quote(code, '2:53734')
  return text === undefined ? undefined : JSON.parse(text)
}

describe('ReplayedValues', () => {
  it('makes the flat quote of a partial touchline', () => {
    const values = new ReplayedValues()
    expect(values.learn(partial(CAPTURED))).toBe(35152.9)
    expect(quote(values)).toEqual({
      MessageCode: 1501, ExchangeSegment: 2, ExchangeInstrumentID: 53734, LastTradedPrice: 35152.9, LastTradedQunatity: 25,
      TotalBuyQuantity: 148825, TotalSellQuantity: 152675, TotalTradedQuantity: 1364025, AverageTradedPrice: 35168.98,
      LastTradedTime: 1341747669, LastUpdateTime: 1341747669, PercentChange: 0.4891114808271757, Open: 35150, High: 35300, Low: 35100,
      Close: 34981.8, TotalValueTraded: null, AskInfo: { Size: 25, Price: 35152, TotalOrders: 1, BuyBackMarketMaker: 0 },
      BidInfo: { Size: 100, Price: 35147.65, TotalOrders: 2, BuyBackMarketMaker: 0 }, XMarketType: 1, BookType: 1,
    }) // prettier-ignore
  })

  it('keeps what a later partial text does not repeat', () => {
    const values = new ReplayedValues()
    values.learn(partial(CAPTURED))
    expect(values.learn(partial('t:2_53734,v:1364050'))).toBeUndefined()
    expect(values.learn(partial('t:2_53734,ltp:35153'))).toBe(35153)
    expect(quote(values)).toMatchObject({ LastTradedPrice: 35153, TotalTradedQuantity: 1364050, Open: 35150 })
  })

  it('answers a whole message as it was recorded, and its touchline flat in a quote', () => {
    const values = new ReplayedValues()
    const text = JSON.stringify({
      MessageCode: 1501, MessageVersion: 4, ApplicationType: 0, TokenID: 0, ExchangeSegment: 2, ExchangeInstrumentID: 53734,
      ExchangeTimeStamp: 1397650179, Touchline: { BidInfo: { Size: 1 }, AskInfo: { Size: 2 }, LastTradedPrice: 22386, Open: 5, BuyBackTotalBuy: 0, BuyBackTotalSell: 0 },
      BookType: 1, XMarketType: 1, SequenceNumber: 9,
    }) // prettier-ignore
    expect(values.learn({ ...partial(text), event: '1501-json-full' })).toBe(22386)
    expect(values.snapshot(1501, '2:53734')).toBe(text)
    expect(values.quote(1501, '2:53734')).toBe(
      '{"MessageCode":1501,"ExchangeSegment":2,"ExchangeInstrumentID":53734,"LastTradedPrice":22386,"Open":5,' +
        '"AskInfo":{"Size":2},"BidInfo":{"Size":1},"XMarketType":1,"BookType":1}',
    )
  })

  it('makes five levels of a partial depth, and figures of open interest and last price', () => {
    const values = new ReplayedValues()
    const rows = [0, 1, 2, 3, 4]
      .map((level) => `${level}|${level + 10}|${100 - level}|${level + 1}`)
      .join('|')
    values.learn({ ...partial(`t:2_53734,bi:${rows},ai:${rows},ltp:99`), to: '1502:2:53734', event: '1502-json-partial' }) // prettier-ignore
    values.learn({ ...partial('t:2_53734,o:1234500'), to: '1510:2:53734', event: '1510-json-partial' })
    values.learn({ ...partial('t:2_53734,ltp:101.5,ltq:65,lut:7,bt:1,mt:1'), to: '1512:2:53734', event: '1512-json-partial' }) // prettier-ignore
    const depth = quote(values, 1502) as { Bids: unknown[] }
    expect(depth.Bids).toHaveLength(5)
    expect(depth.Bids[4]).toEqual({ Size: 14, Price: 96, TotalOrders: 5, BuyBackMarketMaker: 0 })
    expect(quote(values, 1510)).toMatchObject({ MessageCode: 1510, OpenInterest: 1234500 })
    expect(quote(values, 1512)).toMatchObject({ LastTradedPrice: 101.5, LastTradedQunatity: 65, LastUpdateTime: 7 }) // prettier-ignore
  })

  it('has no quote of a code the tape did not tell, of a packet it cannot read, and after it forgot', () => {
    const values = new ReplayedValues()
    values.learn({ ...partial(''), event: 'xts-binary-packet', payload: Buffer.from([1, 2, 3]) })
    expect(quote(values)).toBeUndefined()
    values.learn(partial(CAPTURED))
    expect(quote(values, 1502)).toBeUndefined()
    values.forget()
    expect(quote(values)).toBeUndefined()
  })
})
