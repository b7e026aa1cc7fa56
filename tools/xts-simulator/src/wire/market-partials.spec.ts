import { SAMPLE_FIGURES } from '../testing/sample-figures'
import type { MarketFigures } from './market-figures'
import { changedPartial, partialMessage, wholePartial } from './market-partials'

/** captured: a future of 2022. */
const FUTURE: MarketFigures = {
  ...SAMPLE_FIGURES,
  ...{ segment: 2, token: 53_734, bids: [{ quantity: 100, price: 35_147.65, orders: 2 }], asks: [{ quantity: 25, price: 35_152, orders: 1 }] },
  ...{ lastPrice: 35_152.9, lastQuantity: 25, totalBuy: 148_825, totalSell: 152_675, volume: 1_364_025, averagePrice: 35_168.98 },
  ...{ lastTradedTime: 1_341_747_669, updateTime: 1_341_747_669, percentChange: 0.489_111_480_827_175_7 },
  ...{ open: 35_150, high: 35_300, low: 35_100, close: 34_981.8 },
} // prettier-ignore

describe('partial messages', () => {
  it('writes a touchline exactly as captured', () => {
    expect(wholePartial(partialMessage(1501, FUTURE))).toBe(
      't:2_53734,bi:0|100|35147.65|2,ai:0|25|35152|1,ltp:35152.9,ltq:25,tb:148825,ts:152675,v:1364025,ap:35168.98,ltt:1341747669,lut:1341747669,pc:0.4891114808271757,o:35150,h:35300,l:35100,c:34981.8,bt:1,mt:1',
    )
  })

  it('writes five levels of depth, the missing ones with zeros', () => {
    const thin = { ...SAMPLE_FIGURES, bids: SAMPLE_FIGURES.bids.slice(0, 2) }
    const [, bids, asks] = wholePartial(partialMessage(1502, thin)).split(',')
    expect(bids).toBe('bi:0|130|101.45|2|1|65|101.4|1|2|0|0|0|3|0|0|0|4|0|0|0')
    expect(asks).toBe('ai:0|65|101.55|1|1|260|101.6|3|2|130|101.65|2|3|65|101.7|1|4|325|101.75|2')
  })

  it('writes last price, open interest and index with their own keys', () => {
    const price = { ...FUTURE, segment: 1, token: 2885, lastPrice: 2570.8, lastQuantity: 25, updateTime: 1_317_813_273 }
    expect(wholePartial(partialMessage(1512, price))).toBe('t:1_2885,ltp:2570.8,ltq:25,lut:1317813273,bt:1,mt:1')
    expect(wholePartial(partialMessage(1510, FUTURE))).toBe('t:2_53734,o:1234500')
    const underlying = { token: 2885, segment: 1, name: 'RELIANCE', totalOpenInterest: 9000 }
    expect(wholePartial(partialMessage(1510, FUTURE, underlying))).toBe('t:2_53734,o:1234500,uex:1,uid:2885,toi:9000')
    const index = wholePartial(partialMessage(1504, { ...FUTURE, segment: 1, name: 'NIFTY 50' }))
    expect(index.split(',').map((pair) => pair.split(':')[0])).toEqual(['t', 'ltp', 'ltq', 'lut', 'yh', 'yl', 'pc', 'o', 'h', 'l', 'c'])
    expect(index.startsWith('t:1_NIFTY 50,')).toBe(true)
  }) // prettier-ignore

  it('names only what changed, and of the book only the levels that changed', () => {
    const before = partialMessage(1502, SAMPLE_FIGURES)
    const [best, second, ...others] = SAMPLE_FIGURES.bids
    const bids = [best, { ...second, quantity: 130, price: 101.4, orders: 1 }, ...others].flatMap(
      (row) => row ?? [],
    )
    const after = partialMessage(1502, { ...SAMPLE_FIGURES, bids, lastPrice: 101.55, volume: 5_120_440 })
    expect(changedPartial(after, before)).toBe('t:2_48225,bi:1|130|101.4|1,ltp:101.55,v:5120440')
  })

  it('says nothing when nothing changed', () => {
    const same = partialMessage(1501, { ...FUTURE })
    expect(changedPartial(same, partialMessage(1501, FUTURE))).toBeUndefined()
  })
})
